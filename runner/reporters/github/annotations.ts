import { XrunErrors } from '../../diagnostics/errors.ts';
import type { Position, XrunError } from '../../diagnostics/errors.ts';
import { clean } from '../../diagnostics/clean.ts';

/** What GitHub shows beside a line of a file, and on the page of the run. */
export interface Annotation {
  kind: 'error' | 'warning';
  text: string;
  at?: Position | undefined;
}

/** GitHub keeps ten of a kind for a step, and drops the others without a word. */
export const MOST_ANNOTATIONS = 10;

/**
 * The workflow commands that make annotations, errors first; where there are more than GitHub keeps, the last one says
 * how many are left out.
 *
 * @param relative the path of a file in the repository
 */
export function annotationLines(annotations: readonly Annotation[], relative: (file: string) => string): string[] {
  const sorted = [...annotations].sort((a, b) => a.kind.localeCompare(b.kind));
  const left = sorted.length - MOST_ANNOTATIONS;
  const shown = left > 0 ? sorted.slice(0, MOST_ANNOTATIONS - 1) : sorted;
  const more: Annotation[] =
    left > 0 ? [{ kind: sorted[shown.length]!.kind, text: `and ${left + 1} more, in the log of this step` }] : [];
  return [...shown, ...more].map(({ kind, text, at }) => {
    const place = at ? ` file=${property(relative(at.file))},line=${at.line},col=${at.col}` : '';
    return `::${kind}${place}::${data(text)}`;
  });
}

/** What is wrong with files, as annotations of their lines. */
export function annotationsOf(error: XrunError, kind: Annotation['kind'] = 'error'): Annotation[] {
  if (error instanceof XrunErrors) return error.errors.flatMap((each) => annotationsOf(each, kind));
  const text = [`${error.code}: ${error.message}`, ...(error.hint ? [`hint: ${error.hint}`] : [])].join('\n');
  return [{ kind, text: clean(text), at: error.at }];
}

// https://docs.github.com/actions/reference/workflow-commands-for-github-actions: percent-encoding of values.
export function data(text: string): string {
  return text.replaceAll('##[', '## [').replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/**
 * The runner takes `::word` at a line's start, whatever blanks are before it, and `##[` anywhere, for commands
 * (ActionCommand.cs of actions/runner). Blanks of other lines are not looked at again and again.
 */
export function harmless(text: string): string {
  return text.replace(/^([^\S\n\r\u2028\u2029]*):(?=:)/gm, '$1: ').replaceAll('##[', '## [');
}
