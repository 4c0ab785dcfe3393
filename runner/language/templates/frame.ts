import type { Scope } from '../../model/variables.ts';

/** The context at the top of a template: names are variables, looked up in the scope. */
export class Root {
  readonly scope: Scope;
  constructor(scope: Scope) {
    this.scope = scope;
  }
}

/** What names mean at one place of a template: `this`, the contexts around it, `@` data and block parameters. */
export interface Frame {
  context: unknown;
  /** The frame whose context `../` means. */
  outer?: Frame;
  data: Data;
  params: Record<string, unknown>;
}

/** `@index`, `@key`, `@first`, `@last`; `@../index` climbs. */
export interface Data {
  values: Record<string, unknown>;
  outer?: Data;
}

/** The frame a template begins with. */
export function rootFrame(context: unknown): Frame {
  return { context, data: { values: { root: context } }, params: {} };
}

/** The frame inside of a block. As in Handlebars, only a new context is a step for `../`. */
export function innerFrame(
  frame: Frame,
  context: unknown,
  data?: Record<string, unknown>,
  params: Record<string, unknown> = {},
): Frame {
  const outer = context === frame.context ? frame.outer : frame;
  return {
    context,
    ...(outer && { outer }),
    data: data ? { values: { ...frame.data.values, ...data }, outer: frame.data } : frame.data,
    params: { ...frame.params, ...params },
  };
}
