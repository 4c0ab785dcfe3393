import type { Plan } from '../../api/index.ts';
import { formatPosition } from '../../diagnostics/errors.ts';
import { plural, some } from '../../reporters/text/words.ts';

/** What stayed as it was: a line each, with its place. */
export function remarkLines({ remarks }: Plan): string[] {
  return remarks.map(({ at, code, message }) => `${formatPosition(at)}: ${code} ${message}`);
}

/** What was moved and what is left, in a few lines. */
export function migrationSummary(plan: Plan, path: string): string[] {
  const { expressions, templates, changes, remarks, errors, helpers, links } = plan;
  const { byHand, total } = templates;
  const hand = byHand.length > 0 ? `, ${plural(byHand.length, 'template')} by hand: ${some(byHand, 10)}` : '';
  return [
    `${path}: ${plural(changes.length, 'file')} changed, ${expressions.moved} of ${plural(expressions.total, 'expression')}, ${total - byHand.length} of ${plural(total, 'template')}${hand}`,
    ...(remarks.length > 0
      ? [`${plural(remarks.length, 'place')} stayed as they were; each has a comment 'xrun migrate:'`]
      : []),
    ...(errors.length > 0 ? [`${plural(errors.length, 'file')} could not be read`] : []),
    ...helpers.map((name) => `${name}: write here what the filter did`),
    ...(links.length > 0
      ? [`${plural(links.length, 'symbolic link')} stayed as they are: links are not followed`]
      : []),
  ];
}
