import { positionOf } from '../../language/yaml/positions.ts';
import { argumentsOf, mergeArguments } from '../keywords/arguments.ts';
import type { Call } from '../keywords/arguments.ts';
import { findCall } from '../keywords/call.ts';
import { checkArguments } from '../keywords/check-arguments.ts';
import { checkConditions, checkTemplates, checkTexts } from '../keywords/check-texts.ts';
import { Fields } from '../keywords/fields.ts';
import { found, isMapping } from '../../diagnostics/found.ts';
import { handlerKeywords, taskKeywords } from '../keywords/keywords.ts';
import type { Loading } from './loading.ts';
import type { AnyModule } from '../../model/module.ts';
import { nodeParts } from './node.ts';
import { surround } from './surroundings.ts';
import type { Expr, Inherited, Task } from '../../model/playbook.ts';

/** Reads one task. Where no module could be made out, which is noted, its `module` is empty. */
export async function readTask(loading: Loading, map: Record<string, unknown>, around: Inherited): Promise<Task> {
  const keywords = around.handlers ? handlerKeywords : taskKeywords;
  const fields = new Fields(map, keywords, loading.problems);
  const call = findCall(loading, fields, Object.keys(keywords));
  const inner = surround(around, fields, 'task');
  const parts = nodeParts(loading, fields, inner);
  if (call?.local) parts.delegateTo ??= { value: 'localhost', at: call.at };
  const called = call && (await readCall(loading, fields, call, inner));
  const check = () => {
    checkTexts(loading, fields, ['args', 'action', 'local_action', call?.key ?? '']);
    called?.check();
  };
  // What defaults add is nothing of the task's own.
  if (called?.defaults) check();
  else loading.once(map, check);
  return {
    kind: 'task',
    ...parts,
    ...(called?.parts ?? { module: '', traits: {}, moduleAt: parts.at, args: {} }),
    notify: inner.notify,
    changedWhen: fields.exprs('changed_when'),
    failedWhen: fields.exprs('failed_when'),
    listen: around.handlers ? fields.texts('listen').map((topic) => topic.value) : [],
    ...repetition(fields),
  };
}

/** A call as it was read, whether `module_defaults` had a say in it, and what is to be checked of it. */
interface ReadCall {
  parts: Pick<Task, 'module' | 'traits' | 'moduleAt' | 'args' | 'judged'>;
  defaults: boolean;
  check(): void;
}

async function readCall(loading: Loading, fields: Fields, call: Call, inner: Inherited): Promise<ReadCall> {
  const module = await loading.options.modules.load(call.module);
  const before = loading.problems.errors.length;
  const own = argumentsOf(call, module, loading.problems);
  const readable = loading.problems.errors.length === before;
  const extra = fields.get('args');
  const defaults = defaultsOf(new Set([call.module, module.name]), inner);
  const args = mergeArguments({ own, extra: isMapping(extra) ? extra : undefined, defaults }, module.synonyms);
  const judged = judgedOf(args, module, call);
  return {
    parts: { module: call.module, traits: module.traits ?? {}, moduleAt: call.at, args, judged },
    defaults: defaults !== undefined,
    check: () => {
      if (readable) checkArguments({ written: call.written, at: call.at, args }, module, loading.problems);
      checkArgumentTexts(loading, args, module, call);
      checkConditions(loading, judged);
    },
  };
}

/** What the innermost says of a module is all that counts, as in Ansible: `{file: {}}` takes defaults away. */
function defaultsOf(names: Set<string>, inner: Inherited): Record<string, unknown> | undefined {
  return inner.moduleDefaults.flatMap((layer) => [...names].map((name) => layer[name]).filter(isMapping)).at(-1);
}

/** The arguments that are conditions or expressions. */
function judgedOf(args: Record<string, unknown>, module: AnyModule, call: Call): Expr[] {
  const names = new Set([...(module.conditions ?? []), ...(module.evaluates ?? [])]);
  return Object.keys(args).flatMap((name) =>
    names.has(name) ? expressions(args[name], positionOf(args, name) ?? call.at) : [],
  );
}

function checkArgumentTexts(loading: Loading, args: Record<string, unknown>, module: AnyModule, call: Call): void {
  for (const [name, value] of Object.entries(args)) {
    const at = positionOf(args, name) ?? call.at;
    const isCondition = module.conditions?.includes(name);
    if (isCondition) refuseOthers(loading, value, at);
    else if (!module.evaluates?.includes(name)) checkTemplates(loading, value, at);
  }
}

/** What is not a condition: a number, a mapping. */
function refuseOthers(loading: Loading, value: unknown, at: Expr['at']): void {
  if (Array.isArray(value)) value.forEach((item, index) => refuseOthers(loading, item, positionOf(value, index) ?? at));
  else if (typeof value !== 'string' && typeof value !== 'boolean')
    loading.problems.add('E_CONDITION', `found ${found(value)}, expected an expression, true or false`, at);
}

function expressions(value: unknown, at: Expr['at']): Expr[] {
  if (!Array.isArray(value))
    return typeof value === 'string' || typeof value === 'boolean' ? [{ source: value, at }] : [];
  return value.flatMap((item, index) => expressions(item, positionOf(value, index) ?? at));
}

function repetition(fields: Fields): Partial<Task> {
  const register = fields.text('register');
  const until = fields.exprs('until');
  const parts: Partial<Task> = {
    ...(register && { register: register.value, registerAt: register.at }),
    ...(until.length > 0 && { until }),
  };
  for (const key of ['retries', 'delay', 'backoff', 'async', 'poll'] as const) {
    const raw = fields.raw(key);
    if (raw) parts[key] = raw;
  }
  return parts;
}
