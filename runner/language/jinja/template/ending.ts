import type { Body, Expr, Span, Statement } from '../source/ast.ts';
import { unknown } from '../types.ts';
import type { JinjaType } from '../types.ts';

/** What a value that is printed at the end of a template is known to end with. */
export type Ending = (value: Expr) => 'break' | 'text' | 'unknown';

/** The filter that stands for xrun's helper `endLine` in what has been read. */
export const endLine = 'xrun.end_line';

/**
 * Statements that print a line break at their end, whichever way they go: Ansible puts those back that Jinja has left
 * out, unless the text ends with as many all the same.
 *
 * @param broken whether what is printed before ends with one
 */
export function endedByBreak(body: readonly Statement[], ending: Ending, broken = false): Statement[] {
  const last = body.at(-1);
  if (!last) return broken ? [] : [lineBreak];
  const before = body.slice(0, -1);
  const held = endsWithBreak(before, ending, broken);
  switch (last.kind) {
    case 'data':
      return last.text.endsWith('\n') ? [...body] : [...body, lineBreak];
    case 'output':
      if (ending(last.value) === 'break') return [...body];
      if (ending(last.value) === 'text' || !held) return [...body, lineBreak];
      return [
        ...before,
        {
          ...last,
          value: { ...last.value, kind: 'filter', of: last.value, name: endLine, args: { positional: [], named: {} } },
        },
      ];
    case 'if': {
      const bodies = [...last.branches, ...(last.other ? [last.other] : [])].map((branch) => branch.body);
      const none = !bodies.some((inner) => endsWithBreak(inner, ending, held)) && (last.other !== undefined || !held);
      if (none) return [...body, lineBreak];
      const branches = last.branches.map((branch) => ({ ...branch, body: endedByBreak(branch.body, ending, held) }));
      return [...before, { ...last, branches, ...other(last, ending, held) }];
    }
    case 'for':
      if (!endsWithBreak(last.body, ending, held)) return [...body, lineBreak];
      return [...before, { ...last, ...other(last, ending, held) }];
    case 'set':
    case 'comment':
    case 'macro':
    case 'set-block':
      return held ? [...body] : [...endedByBreak(before, ending, broken), last];
    default:
      return endsWithBreak(body, ending, broken) ? [...body] : [...body, lineBreak];
  }
}

const lineBreak: Statement = { kind: 'data', text: '\n', start: 0, end: 0 };

/** The `else` that is needed where nothing else is printed. */
function other(
  { other: given, close }: { other?: Body; close: Span },
  ending: Ending,
  held: boolean,
): { other?: Body } {
  if (given) return { other: { ...given, body: endedByBreak(given.body, ending, held) } };
  return held ? {} : { other: { tag: { ...close, broken: false }, body: [lineBreak] } };
}

/** Whether what statements print ends with a line break, where loops have turns and one of the branches is taken. */
function endsWithBreak(body: readonly Statement[], ending: Ending, broken: boolean): boolean {
  return body.reduce((held, statement) => breaksAfter(statement, ending, held), broken);
}

/** The same for one statement; `held` says it of what is before. */
function breaksAfter(statement: Statement, ending: Ending, held: boolean): boolean {
  switch (statement.kind) {
    case 'data':
      return statement.text.endsWith('\n');
    case 'output':
      // What macros print ends with one.
      return statement.value.kind === 'call' || ending(statement.value) === 'break';
    case 'if':
      return [...statement.branches, statement.other].every((branch) =>
        branch ? endsWithBreak(branch.body, ending, held) : held,
      );
    case 'for':
    case 'with':
    case 'block':
      return endsWithBreak(statement.body, ending, held);
    case 'filter':
    case 'include':
      return false;
    default:
      return held;
  }
}

/** Filters whose text ends with a line break. */
const breaking = new Set(['to_nice_yaml', 'to_yaml']);

/** What is known of the end of a printed value, where the names that a template sets count as unknown. */
export function endingOf(typeOf: (name: string) => JinjaType): Ending {
  return (value) => {
    if (value.kind === 'filter' && breaking.has(value.name)) return 'break';
    if (value.kind === 'filter' && value.name === 'indent') return endingOf(typeOf)(value.of);
    const { kind, breaks } = value.kind === 'name' ? typeOf(value.name) : unknown;
    if (breaks || value.kind === 'call') return 'unknown';
    const passes = value.kind === 'filter' && /^(d|default|regex_replace|comment)$/.test(value.name);
    return kind === 'unknown' && (passes || /^(name|attribute|item|choice)$/.test(value.kind)) ? 'unknown' : 'text';
  };
}
