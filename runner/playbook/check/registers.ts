import type { Problems } from '../../diagnostics/problems.ts';
import { tasksOf } from './reading/play-contents.ts';
import type { Contents } from './reading/play-contents.ts';
import type { Words } from './reading/words.ts';

/** Warns of results that are kept though nothing reads them. */
export function checkRegisters(contents: readonly Contents[], words: Words, problems: Problems): void {
  if (contents.some(({ complete }) => !complete)) return;
  for (const task of contents.flatMap(tasksOf)) {
    if (task.register === undefined || words.reads(task.register)) continue;
    problems.warn(
      'W_REGISTER',
      `nothing reads '${task.register}'`,
      task.registerAt ?? task.at,
      'Remove the line, or read it in a condition.',
    );
  }
}
