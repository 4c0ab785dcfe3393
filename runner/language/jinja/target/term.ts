import type { JinjaType } from '../types.ts';
import { boolean, nothing, number, text, unknown } from '../types.ts';

/** The operators that CEL writes between values, and templates as helpers. */
export type TermOperator = '&&' | '||' | '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | '+' | '-' | '*' | '/' | '%';

type Shape =
  | { kind: 'variable'; name: string }
  /** What is bound inside of a template: `@index`, a loop's variable, a name that `set` gives. */
  | { kind: 'local'; path: string }
  | { kind: 'literal'; value: string | number | boolean | null; float?: boolean }
  | { kind: 'member'; of: Term; key: string | number }
  | { kind: 'lookup'; of: Term; key: Term }
  | { kind: 'call'; name: string; args: Term[]; named: Record<string, Term> }
  | { kind: 'operator'; operator: TermOperator; left: Term; right: Term }
  | { kind: 'not'; of: Term }
  | { kind: 'choice'; test: Term; then: Term; other: Term }
  | { kind: 'list'; items: Term[] }
  | { kind: 'mapping'; entries: [Term, Term][] }
  /** The item that `map`, `select` and the like hand to a helper. */
  | { kind: 'hole' };

/** An expression of xrun's languages before it is written in one of them, and what its value is. */
export type Term = Shape & { type: JinjaType };

/** A call of a helper or of a function. */
export function call(name: string, args: Term[], type: JinjaType = unknown, named: Record<string, Term> = {}): Term {
  return { kind: 'call', name, args, named, type };
}

/** A value that is written there. */
export function literal(value: string | number | boolean | null): Term {
  return { kind: 'literal', value, type: typeOfLiteral(value) };
}

/** Two values with an operator between them. */
export function operator(sign: TermOperator, left: Term, right: Term, type: JinjaType = boolean): Term {
  return { kind: 'operator', operator: sign, left, right, type };
}

/** The opposite of a condition. */
export function not(of: Term): Term {
  return of.kind === 'not' ? of.of : { kind: 'not', of, type: boolean };
}

function typeOfLiteral(value: string | number | boolean | null): JinjaType {
  if (value === null) return nothing;
  return { string: text, number, boolean }[typeof value as 'string'];
}
