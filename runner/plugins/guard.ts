import * as z from 'zod';
import { XrunError } from '../diagnostics/errors.ts';
import type { AnyModule, Decision } from '../model/module.ts';
import { BadArgument } from '../language/templates/helpers/helper.ts';
import type { Helper } from '../language/templates/helpers/helper.ts';
import { placeIn } from './import-file.ts';

const KINDS = ['ok', 'change', 'unknown', 'wait', 'fail'];
const STEPS = ['run', 'put', 'get', 'ask', 'reconnect', 'sleep'];

/** A plugin's file, and what the user calls it. */
export interface Origin {
  file: string;
  shown: string;
}

/** The same module; what its functions throw, or return in a wrong shape, fails the task as E_PLUGIN at the file. */
export function guardedModule(module: AnyModule, origin: Origin): AnyModule {
  const call = calls(`the module '${module.name}'`, origin);
  const own = module as unknown as Record<string, ((...args: unknown[]) => unknown) | undefined>;
  const parts = ['saves', 'secrets', 'resource', 'probe', 'result', 'decide'].filter((part) => own[part]);
  const safe = parts.map((part) => [
    part,
    (...args: unknown[]) => call(part, () => checked(part, own[part]!.apply(module, args))),
  ]);
  return { ...module, args: guardedSchema(module.args), ...Object.fromEntries(safe) } as AnyModule;
}

/** The same helper; what it throws is E_PLUGIN at the file, but for a BadArgument, which concerns the template. */
export function guardedHelper(helper: Helper, origin: Origin): Helper {
  const call = calls(`the helper '${helper.name}'`, origin);
  return { ...helper, run: (args, context) => call('run', () => helper.run(args, context)) };
}

function calls(what: string, { file, shown }: Origin) {
  return <T>(part: string, work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (error instanceof XrunError || error instanceof BadArgument) throw error;
      const message = error instanceof Error ? error.message : String(error);
      throw new XrunError('E_PLUGIN', `${what} failed in '${part}': ${message}`, {
        at: placeIn(file, error, shown),
        hint: 'This is an error of the plugin: report it to its author.',
        cause: error,
      });
    }
  };
}

/** Throws where the engine could not use what a function has returned. */
function checked(part: string, returned: unknown): unknown {
  if (part === 'decide') checkDecision(returned);
  if (part === 'probe' && returned !== undefined && !isScript(returned))
    throw new Error('expected a script made by sh`...`, or undefined');
  return returned;
}

function checkDecision(decision: unknown): void {
  const { kind, steps = [], diff = [] } = Object(decision) as Partial<Record<'kind' | 'steps' | 'diff', unknown>>;
  if (!KINDS.includes(String(kind)))
    throw new Error(`found the kind ${JSON.stringify(kind)}, expected ${KINDS.join(', ')}`);
  if (!Array.isArray(steps) || !steps.every(isStep))
    throw new Error(`'steps' is not a list of steps: { do: 'run', script: sh\`...\` }`);
  if (!Array.isArray(diff) || !diff.every((each) => typeof (Object(each) as { what?: unknown }).what === 'string'))
    throw new Error(`'diff' is not a list of { what, before, after }`);
  const needed: Partial<Record<Decision['kind'], string[]>> = {
    change: ['diff', 'steps'],
    unknown: ['why', 'steps'],
    wait: ['why', 'interval', 'timeout'],
    fail: ['message'],
  };
  const missing = needed[kind as Decision['kind']]?.find((key) => !(key in (decision as object)));
  if (missing) throw new Error(`a decision of the kind '${String(kind)}' has no '${missing}'`);
}

function isStep(step: unknown): boolean {
  const { do: what, script } = Object(step) as { do?: unknown; script?: unknown };
  return STEPS.includes(String(what)) && (what !== 'run' || isScript(script));
}

function isScript(script: unknown): boolean {
  return typeof (Object(script) as { text?: unknown }).text === 'string';
}

/** A schema whose own checks may throw: then the arguments are wrong, and xrun goes on. */
function guardedSchema(schema: z.ZodType): z.ZodType {
  const safeParse: z.ZodType['safeParse'] = (value, params) => {
    try {
      return schema.safeParse(value, params) as never;
    } catch (error) {
      const message = `the module's own check of them failed: ${error instanceof Error ? error.message : String(error)}`;
      return { success: false, error: new z.ZodError([{ code: 'custom', path: [], message, input: value }]) } as never;
    }
  };
  return Object.create(schema, { safeParse: { value: safeParse } }) as z.ZodType;
}
