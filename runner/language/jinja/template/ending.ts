import type { Body, Expr, Span, Statement } from '../source/ast.ts';

/** Filters whose text ends with a line break. */
const breaking = new Set(['to_nice_yaml', 'to_yaml']);

/**
 * Statements that print a line break at their end, whichever way they go: Ansible puts those back that Jinja has left
 * out, unless the text ends with as many all the same.
 *
 * @param broken whether what is printed before ends with one
 */
export function endedByBreak(body: readonly Statement[], broken = false): Statement[] {
  const last = body.at(-1);
  if (!last) return broken ? [] : [lineBreak];
  const before = body.slice(0, -1);
  const held = endsWithBreak(before, broken);
  switch (last.kind) {
    case 'data':
      return last.text.endsWith('\n') ? [...body] : [...body, lineBreak];
    case 'output':
      return breaks(last.value) ? [...body] : [...body, lineBreak];
    case 'if': {
      const bodies = [...last.branches, ...(last.other ? [last.other] : [])].map((branch) => branch.body);
      const none = !bodies.some((inner) => endsWithBreak(inner, held)) && (last.other !== undefined || !held);
      if (none) return [...body, lineBreak];
      const branches = last.branches.map((branch) => ({ ...branch, body: endedByBreak(branch.body, held) }));
      return [...before, { ...last, branches, ...other(last.other, last.close, held) }];
    }
    case 'for':
      if (!endsWithBreak(last.body, held)) return [...body, lineBreak];
      return [...before, { ...last, ...other(last.other, last.close, held) }];
    case 'set':
    case 'comment':
    case 'macro':
    case 'set-block':
      return held ? [...body] : [...endedByBreak(before, broken), last];
    default:
      return endsWithBreak(body, broken) ? [...body] : [...body, lineBreak];
  }
}

const lineBreak: Statement = { kind: 'data', text: '\n', start: 0, end: 0 };

/** The `else` that is needed where nothing else is printed. */
function other(given: Body | undefined, close: Span, held: boolean): { other?: Body } {
  if (given) return { other: { ...given, body: endedByBreak(given.body, held) } };
  return held ? {} : { other: { tag: { ...close, broken: false }, body: [lineBreak] } };
}

/** Whether what statements print ends with a line break, where loops have turns and one of the branches is taken. */
function endsWithBreak(body: readonly Statement[], broken: boolean): boolean {
  const last = body.at(-1);
  if (!last) return broken;
  const held = (): boolean => endsWithBreak(body.slice(0, -1), broken);
  switch (last.kind) {
    case 'data':
      return last.text.endsWith('\n');
    case 'output':
      return breaks(last.value);
    case 'if':
      return (
        last.branches.every((branch) => endsWithBreak(branch.body, held())) &&
        (last.other ? endsWithBreak(last.other.body, held()) : held())
      );
    case 'for':
      return endsWithBreak(last.body, held());
    case 'with':
      return endsWithBreak(last.body, held());
    case 'filter':
    case 'include':
      return false;
    default:
      return held();
  }
}

function breaks(value: Expr): boolean {
  return value.kind === 'filter' && breaking.has(value.name);
}
