import type { Term } from '../target/term.ts';
import { NoTranslation } from '../problem.ts';
import type { Span } from '../problem.ts';
import { renamedTemplate } from '../types.ts';
import type { JinjaEnvironment, TemplateUse } from '../types.ts';
import type { Macro } from '../source/ast.ts';

/** What names mean at one place of a template. */
export interface Context {
  env: JinjaEnvironment;
  language: 'cel' | 'handlebars';
  /** Names that loops, `set` and macros give, with what they are. */
  locals: Map<string, Term>;
  /** Inside of a loop. */
  inLoop: boolean;
  /** Macros that the template defines. */
  macros: ReadonlyMap<string, Macro>;
  /** Helpers of the project's own that were called. */
  helpers: Set<string>;
  /** Templates that are included. */
  includes: Set<string>;
}

/** The context at the beginning of a text. */
export function contextOf(env: JinjaEnvironment, language: Context['language']): Context {
  return {
    env,
    language,
    locals: new Map(),
    inLoop: false,
    macros: new Map(),
    helpers: new Set(),
    includes: new Set(),
  };
}

/** The same context with names of its own: what is set inside is not seen outside. */
export function innerContext(context: Context, more: Partial<Context> = {}): Context {
  return { ...context, locals: new Map(context.locals), ...more };
}

/** What a template is called afterwards that is named here. Throws NoTranslation where it stays Jinja. */
export function templateNameIn({ env }: Context, name: string, use: TemplateUse, at: Span): string {
  const renamed = env.templateName ? env.templateName(name, use) : renamedTemplate(name, use);
  if (renamed !== undefined) return renamed;
  const code = use === 'include' ? 'J_STATEMENT' : 'J_LOOKUP';
  throw new NoTranslation(code, at, `The template '${name}' has no translation, and so this has none.`);
}
