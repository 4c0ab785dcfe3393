import { describe, expect, test } from 'vitest';
import type { AnyModule, Decision, ProbeResult } from '../../runner/modules/module.ts';
import { loadModule, moduleNames } from '../../runner/modules/registry.ts';
import { KINDS, caseFiles, localOf, plain, plainStep } from './case.ts';
import type { Case } from './case.ts';

const EMPTY: ProbeResult = { rc: 0, stdout: '', stderr: '' };

const files = caseFiles();
const loaded = await Promise.all(moduleNames.map(async (name) => [name, (await loadModule(name)) as AnyModule] as const));

test('every module has a file of cases, and every file a module', () => {
  const modules = [...new Set(loaded.map(([, module]) => module.name))].sort();
  expect(files.map((file) => file.module).sort()).toEqual(modules);
});

test('the registry knows each module by the name and the aliases it gives itself', () => {
  for (const [name, module] of loaded) expect([module.name, ...(module.aliases ?? [])]).toContain(name);
});

describe.each(files)('$module', ({ module: name, lacks, why, cases }) => {
  test('has every kind of case', () => {
    const found = new Set(cases.map((one) => one.case));
    expect(KINDS.filter((kind) => !found.has(kind))).toEqual(KINDS.filter((kind) => lacks.includes(kind)));
    if (lacks.length > 0) expect(why, 'why it lacks them').toMatch(/\w/);
  });

  test.each(cases.map((one, i) => ({ title: `${i + 1}. ${one.case}`, one })))('$title', async ({ one }) => {
    const module = await loadModule(name);
    expect(module, `module ${name}`).toBeDefined();
    run(module as AnyModule, one);
  });
});

/** The arguments of a module are of that module's types only; a case goes through the same door as a playbook. */
function run(module: AnyModule, one: Case): void {
  const parsed = module.args.safeParse(one.args);
  if (!parsed.success || one.expect === 'invalid') {
    const message = parsed.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    expect(parsed.success ? 'arguments were accepted' : one.expect, message).toBe('invalid');
    if (one.error) expect(message).toMatch(new RegExp(one.error as string));
    return;
  }
  const args = parsed.data as never;
  if (one.expect === 'throws') {
    expect(() => stateOf(module, one, args)).toThrow(new RegExp(one.error as string));
    return;
  }
  const local = localOf(module, one.local);
  const decision = module.decide(args, stateOf(module, one, args) as never, {
    check: one.check ?? false,
    host: 'web1',
    controller: one.controller ?? false,
    local,
    planned: (resource) => one.planned?.[resource],
  }) as Decision;
  expect(decision.kind, JSON.stringify(plain(decision))).toBe(one.expect);
  compare(one, { ...decision, ...textOf(decision), ...stepsOf(decision), ...resultOf(module, one, args, decision) });
}

function stateOf(module: AnyModule, one: Case, args: never): unknown {
  const resource = module.resource?.(args);
  const planned = one.check && resource !== undefined ? one.planned?.[resource] : undefined;
  if (planned !== undefined) return planned;
  if (one.probe === undefined) return one.state;
  expect(module.probe?.(args, localOf(module, one.local)), 'a probe for these arguments').toBeDefined();
  const result = { ...EMPTY, ...one.probe };
  return module.parse ? module.parse(result, args) : result;
}

function textOf(decision: Decision) {
  if (decision.kind === 'fail') return { error: decision.message };
  return 'why' in decision ? { error: decision.why } : {};
}

function stepsOf(decision: Decision) {
  return 'steps' in decision && decision.steps ? { steps: decision.steps.map(plainStep) } : {};
}

function resultOf(module: AnyModule, one: Case, args: never, decision: Decision) {
  const own = 'result' in decision ? decision.result : undefined;
  const ran = one.ran && module.result?.(args, one.ran.map((step) => ({ ...EMPTY, ...step })), stateOf(module, one, args) as never);
  return { result: plain(ran ? { ...own, ...ran } : own) };
}

const PATTERNS = ['error', 'hint'];
const EXACT = ['diff', 'steps', 'result', 'vars', 'message', 'after', 'inventory', 'interval', 'timeout'];

/** Each key that the case gives is compared: patterns for `error` and `hint`, exactly for everything else. */
function compare(one: Case, found: Record<string, unknown>): void {
  for (const key of PATTERNS) if (one[key]) expect(found[key], key).toMatch(new RegExp(one[key] as string));
  const wanted = Object.fromEntries(EXACT.filter((key) => key in one).map((key) => [key, one[key]]));
  const steps = one.steps as unknown[] | undefined;
  if (steps) found = { ...found, steps: (found.steps as unknown[]).map((step, i) => onlyKeys(step, steps[i])) };
  const relevant = Object.fromEntries(Object.keys(wanted).map((key) => [key, plain(found[key])]));
  expect(relevant).toEqual(wanted);
}

/** A put step is compared by the keys that the case names. */
function onlyKeys(step: unknown, wanted: unknown): unknown {
  if (typeof step !== 'object' || step === null || !('put' in step) || typeof wanted !== 'object' || wanted === null) return step;
  return Object.fromEntries(Object.entries(step).filter(([key]) => key in wanted));
}
