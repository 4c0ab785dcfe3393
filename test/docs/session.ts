import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Block } from './blocks.ts';

/** A command of a page, and the output that the page shows below it. */
export interface Shown {
  command: string;
  output: string;
  line: number;
}

/** Something that a reader does: types a command, or writes a file. */
export type Step = { do: 'run'; shown: Shown } | { do: 'write'; file: string; text: string };

/** What a reader does who follows a page: each `console` block's commands (`$ `), each block with the name of a file. */
export function stepsOf(blocks: readonly Block[]): Step[] {
  return blocks.flatMap((block): Step[] => {
    if (block.language === 'console') return shownIn(block).map((shown) => ({ do: 'run', shown }));
    return block.title === undefined ? [] : [{ do: 'write', file: block.title, text: block.text }];
  });
}

function shownIn({ text, line }: Block): Shown[] {
  const shown: Shown[] = [];
  for (const [index, each] of text.split('\n').slice(0, -1).entries()) {
    if (each.startsWith('$ ')) shown.push({ command: each.slice(2), output: '', line: line + index + 1 });
    else if (each.startsWith('> ') && shown.at(-1)?.output === '') shown.at(-1)!.command += `\n${each.slice(2)}`;
    else if (shown.length > 0) shown.at(-1)!.output += `${each}\n`;
  }
  return shown;
}

const MARK = '\u001e';

/** Does all steps in one shell, as a reader would. Returns each command with what it printed, stdout and stderr as they came. */
export function follow(steps: readonly Step[], { cwd, env, uid }: Place): { shown: Shown; printed: string }[] {
  const script = steps.map((step) =>
    step.do === 'write'
      ? `printf %s ${quoted(step.text)} >${quoted(step.file)}`
      : `printf '${MARK}'; (exit "$status"); ${step.shown.command}\nstatus=$?; printf '${MARK}'`,
  );
  const user = uid === undefined ? {} : { uid, gid: uid };
  const { stdout } = spawnSync('sh', ['-c', `exec 2>&1; status=0\n${script.join('\n')}`], {
    cwd,
    env,
    encoding: 'utf8',
    ...user,
  });
  const printed = stdout.split(MARK).filter((_, index) => index % 2 === 1);
  return steps
    .filter((step) => step.do === 'run')
    .map(({ shown }, index) => ({ shown, printed: printed[index] ?? '(not run)' }));
}

/** Puts the command `xrun` into a directory, as npm would: a program of its own that starts this file. */
export function putCommand(folder: string, file: string): void {
  writeFileSync(join(folder, 'xrun'), `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(file)} "$@"\n`, {
    mode: 0o755,
  });
}

/** Where, and as whom. */
interface Place {
  cwd: string;
  env: Record<string, string | undefined>;
  uid?: number | undefined;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** What differs from run to run, or from machine to machine, as it is compared. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/^\d+\.\d+\.\d+$/gm, 'VERSION'],
  [/ \([\d.]+ (?:ms|s|min)\b[^)]*\)$/gm, ''],
  [/which runs .*\.$/gm, 'which runs SYSTEM.'],
  [/(?<=[ "'(])\/[\w./-]*\/demo(?=\/)/g, 'HOME/demo'],
];

/** The output without what differs from run to run. */
export function steady(output: string): string {
  return VARYING.reduce((text, [pattern, word]) => text.replaceAll(pattern, word), output);
}
