import { didYouMean } from '../../diagnostics/nearest.ts';
import { needsOf } from '../../language/templates/needs/needs.ts';
import type { Problems } from '../../diagnostics/problems.ts';
import type { Contents } from './reading/play-contents.ts';
import type { TemplateFile } from './files.ts';
import { needsOfConditions, needsOfNode } from './reading/node-needs.ts';
import type { ExternalContext } from './outside.ts';
import type { Words } from './reading/words.ts';

/** Warns of variables of the command line of which no text knows the name: one that is mistyped would silently do nothing. */
export function checkGiven(
  contents: readonly Contents[],
  templates: readonly TemplateFile[],
  words: Words,
  outside: ExternalContext,
  problems: Problems,
): void {
  if (contents.length === 0 || contents.some(({ complete }) => !complete)) return;
  const unread = outside.given.filter((name) => !words.mentions(name) && !/^(ansible|xrun)_/.test(name));
  if (unread.length === 0) return;
  const read = namesRead(contents, templates);
  for (const name of unread)
    problems.warn(
      'W_EXTRA_VARS',
      `nothing reads '${name}', which --extra-vars gives`,
      undefined,
      didYouMean(name, read),
    );
}

/** The names that tasks and the variables of plays read; for hints only. */
function namesRead(contents: readonly Contents[], templates: readonly TemplateFile[]): Set<string> {
  const needs = contents.flatMap(({ play, nodes, layers }) => [
    ...[play.hosts.value, ...layers.map(({ vars }) => vars)].map((value) => needsOf(value)),
    ...nodes.flatMap((node) => [
      needsOfConditions(node),
      needsOfNode(
        node,
        templates.filter(({ task }) => task === node),
      ),
      ...node.vars.map(({ vars }) => needsOf(vars)),
    ]),
  ]);
  return new Set(needs.flatMap(({ reads, tests }) => [...reads.map(({ name }) => name), ...tests]));
}
