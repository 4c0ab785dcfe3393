import { didYouMean } from '../../diagnostics/nearest.ts';
import { isTemplate } from '../../diagnostics/found.ts';
import type { Problems } from '../../diagnostics/problems.ts';
import type { Contents } from './reading/play-contents.ts';

const special = ['all', 'always', 'never', 'tagged', 'untagged'];

/** Notes tags of the command line that nothing has. */
export function checkTags(contents: readonly Contents[], wanted: readonly string[], problems: Problems): void {
  const known = new Set(contents.flatMap(({ play, nodes }) => [...play.tags, ...nodes.flatMap((node) => node.tags)]));
  if ([...known].some(isTemplate) || contents.some(({ complete }) => !complete)) return;
  for (const tag of wanted) {
    if (known.has(tag) || special.includes(tag)) continue;
    const all = [...known].sort();
    const hint = didYouMean(tag, all) ?? (all.length > 0 ? `there are ${all.join(', ')}` : 'nothing here has tags');
    problems.add('E_TAGS', `no task has the tag '${tag}'`, undefined, hint);
  }
}
