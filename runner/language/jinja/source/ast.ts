import type { Span } from '../problem.ts';

export type { Span } from '../problem.ts';

/** The arguments of a call, a filter or a test. */
export interface Args {
  positional: Expr[];
  named: Record<string, Expr>;
}

/** The operators between two values. */
export type BinaryOperator = 'and' | 'or' | '+' | '-' | '*' | '/' | '//' | '%' | '**' | '~';

/** The operators that compare. */
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

type Shape =
  | { kind: 'name'; name: string }
  | { kind: 'literal'; value: string | number | boolean | null; float?: boolean }
  | { kind: 'list'; items: Expr[] }
  | { kind: 'mapping'; entries: [Expr, Expr][] }
  | { kind: 'attribute'; of: Expr; key: string | number }
  | { kind: 'item'; of: Expr; index: Expr }
  | { kind: 'slice'; of: Expr; from?: Expr; to?: Expr; step?: Expr }
  | { kind: 'call'; callee: Expr; args: Args }
  | { kind: 'filter'; of: Expr; name: string; args: Args }
  | { kind: 'test'; of: Expr; name: string; args: Args; negated: boolean }
  | { kind: 'unary'; operator: 'not' | '-' | '+'; of: Expr }
  | { kind: 'binary'; operator: BinaryOperator; left: Expr; right: Expr }
  | { kind: 'compare'; first: Expr; rest: [CompareOperator, Expr][] }
  | { kind: 'choice'; test: Expr; then: Expr; other?: Expr };

/** An expression of Jinja, with its place in the source. */
export type Expr = Shape & Span;

/** The expressions of one kind. */
export type ExprOf<K extends Expr['kind']> = Extract<Expr, { kind: K }>;

/** A statement of a template, with the place of its (first) tag. */
export type Statement = Span &
  (
    | { kind: 'data'; text: string }
    | { kind: 'output'; value: Expr }
    | { kind: 'comment'; text: string; broken: boolean }
    | { kind: 'if'; branches: Branch[]; other?: Body; close: Tag }
    | { kind: 'for'; loop: Loop; open: Tag; body: Statement[]; other?: Body; close: Tag }
    | { kind: 'set'; targets: Expr[]; value: Expr; broken: boolean }
    | { kind: 'set-block'; name: string; filters: Expr | undefined; open: Tag; body: Statement[]; close: Tag }
    | { kind: 'filter'; value: Expr; open: Tag; body: Statement[]; close: Tag }
    | { kind: 'macro'; macro: Macro; open: Tag; body: Statement[]; close: Tag }
    | { kind: 'block'; name: string; open: Tag; body: Statement[]; close: Tag }
    | { kind: 'include'; name: Expr; optional: boolean; broken: boolean }
    | { kind: 'with'; targets: [string, Expr][]; open: Tag; body: Statement[]; close: Tag }
  );

/** The statements of one kind. */
export type StatementOf<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** A tag, and whether a line break after it belongs to it (`trim_blocks`). */
export interface Tag extends Span {
  broken: boolean;
}

/** The statements after a tag. */
export interface Body {
  tag: Tag;
  body: Statement[];
}

/** A condition with what it guards. */
export interface Branch extends Body {
  test: Expr;
}

/** What a loop goes through. */
export interface Loop {
  targets: string[];
  over: Expr;
  test?: Expr;
}

/** What a macro is called, and its parameters with their defaults. */
export interface Macro {
  name: string;
  params: { name: string; other?: Expr }[];
}
