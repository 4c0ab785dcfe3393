import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import type * as z from 'zod';
import type { AnyModule, Decision, Module, ProbeResult, StepResult } from '../model/module.ts';
import { localOf } from './local.ts';
import type { TreeText } from './local.ts';
import { parseArguments } from '../model/arguments/parse.ts';
import { plain, plainStep } from './plain.ts';

/** One case of a module: arguments and what the probe prints, and what the module makes of them. */
export interface Case {
  /** What it shows. The same word may stand at several: create, right, drift, absent, already-absent, invalid. */
  case: string;
  /** As a playbook would give them. */
  args: unknown;
  /** What the probe prints; instead of it `state`, which is what `parse` would return. */
  probe?: Partial<ProbeResult>;
  state?: unknown;
  check?: boolean;
  controller?: boolean;
  /** What earlier tasks of a check have planned, by resource. */
  planned?: Record<string, unknown>;
  /** What earlier tasks have claimed. */
  claimed?: Record<string, unknown>;
  /** Files of the controller, by the argument that names them. */
  local?: Record<string, string | TreeText>;
  /** `invalid`: the arguments are refused; `throws`: what the probe printed is not whole, so no state to decide upon. */
  expect: Decision['kind'] | 'invalid' | 'throws';
  /** What the steps gave, for `result`. */
  ran?: Partial<StepResult>[];
  /** Regular expressions: the message of a refusal or the reason of `unknown` and `wait`, and its hint. */
  error?: string;
  hint?: string;
  /** Compared exactly, where they are given; steps as their scripts' texts, or `{like: PATTERN}`. A `change` has its steps, an `invalid` and a `fail` their error. */
  diff?: unknown;
  steps?: unknown[];
  result?: unknown;
  vars?: unknown;
  message?: unknown;
  after?: unknown;
  inventory?: unknown;
  interval?: unknown;
  timeout?: unknown;
}

const PATTERNS = ['error', 'hint'] as const;
const EXACT = ['diff', 'steps', 'result', 'vars', 'message', 'after', 'inventory', 'interval', 'timeout'] as const;
const KEYS: readonly string[] = [
  'case',
  'args',
  'probe',
  'state',
  'check',
  'controller',
  'planned',
  'claimed',
  'local',
  'expect',
  'ran',
  ...PATTERNS,
  ...EXACT,
];
const EMPTY: ProbeResult = { rc: 0, stdout: '', stderr: '' };

/** A case, and what runs it: for the `test` of any test runner. */
export interface NamedCase {
  title: string;
  run(): void;
}

/** The cases of a YAML file: the list in its last document. */
export function readCases(file: string | URL): Case[] {
  return loadAll(readFileSync(file, 'utf8')).at(-1) as Case[];
}

/**
 * A module's cases by name: `for (const { title, run } of moduleCases(module, readCases(file))) test(title, run)`.
 *
 * @returns one for each case; its `run` throws an AssertionError where the module does otherwise
 */
export function moduleCases<Schema extends z.ZodType, State>(
  module: Module<Schema, State>,
  cases: readonly Case[],
): NamedCase[] {
  return cases.map((one, i) => ({ title: `${i + 1}. ${one.case}`, run: () => checkCase(module, one) }));
}

/** Runs one case through the same door as a playbook. Throws an AssertionError where the module does otherwise. */
export function checkCase<Schema extends z.ZodType, State>(of: Module<Schema, State>, one: Case): void {
  // It is given nothing but what it has parsed itself.
  const module = of as unknown as AnyModule;
  const strange = Object.keys(one).filter((key) => !KEYS.includes(key));
  assert.deepEqual(strange, [], `a case has no key '${strange[0]}'`);
  assert.ok(one.expect !== 'change' || one.steps !== undefined, "a case that expects 'change' names its steps");
  assert.ok(
    (one.expect !== 'invalid' && one.expect !== 'fail') || one.error !== undefined,
    `a case that expects '${one.expect}' names its error`,
  );
  const parsed = parseArguments(module.args, one.args);
  if (!parsed.success || one.expect === 'invalid') {
    const message = parsed.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ') ?? '';
    assert.equal(parsed.success ? 'arguments were accepted' : one.expect, 'invalid', message);
    if (one.error !== undefined) assert.match(message, new RegExp(one.error));
    return;
  }
  const args = parsed.data as never;
  if (one.expect === 'throws') {
    assert.throws(() => stateOf(module, one, args), { message: new RegExp(one.error ?? '') });
    return;
  }
  const decision = decisionOf(module, one, args);
  assert.equal(decision.kind, one.expect, JSON.stringify(plain(decision)));
  const returned = resultOf(module, one, args, decision);
  assert.deepEqual(undescribed(module, returned.result), [], 'fields of the result that `returns` does not describe');
  compare(one, { ...decision, ...textOf(decision), ...stepsOf(decision), ...returned });
}

/** Fields that a result may have whatever the module is. */
const COMMON = ['changed', 'failed', 'msg', 'rc', 'stdout', 'stderr', 'stdout_lines', 'stderr_lines'];

/** Fields of a result that the module's `returns` lacks, where it has one. */
function undescribed({ returns }: AnyModule, result: unknown): string[] {
  if (!returns || '*' in returns || typeof result !== 'object' || result === null) return [];
  return Object.keys(result).filter((name) => !(name in returns) && !COMMON.includes(name));
}

function decisionOf(module: AnyModule, one: Case, args: never): Decision {
  return module.decide(args, stateOf(module, one, args) as never, {
    check: one.check ?? false,
    host: 'web1',
    controller: one.controller ?? false,
    local: localOf(module, one.local),
    planned: (resource) => one.planned?.[resource],
    claimed: (key) => one.claimed?.[key],
  }) as Decision;
}

function stateOf(module: AnyModule, one: Case, args: never): unknown {
  const resource = module.resource?.(args);
  const planned = one.check && resource !== undefined ? one.planned?.[resource] : undefined;
  if (planned !== undefined) return planned;
  if (one.probe === undefined) return one.state;
  assert.ok(module.probe?.(args, localOf(module, one.local)), 'the module has no probe for these arguments');
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
  const ran =
    one.ran &&
    module.result?.(
      args,
      one.ran.map((step) => ({ ...EMPTY, ...step })),
      stateOf(module, one, args) as never,
    );
  return { result: plain(ran ? { ...own, ...ran } : own) };
}

/** Each key that the case gives is compared: patterns for `error` and `hint`, exactly for everything else. */
function compare(one: Case, found: Record<string, unknown>): void {
  for (const key of PATTERNS) if (one[key]) assert.match(String(found[key]), new RegExp(one[key]), key);
  const expected = Object.fromEntries(EXACT.filter((key) => key in one).map((key) => [key, one[key]]));
  const { steps } = one;
  if (steps) found = { ...found, steps: (found.steps as unknown[]).map((step, i) => onlyKeys(step, steps[i])) };
  const relevant = Object.fromEntries(Object.keys(expected).map((key) => [key, plain(found[key])]));
  assert.deepEqual(relevant, expected);
}

/** A put step is compared by the keys that the case names; a script that a pattern fits is as expected. */
function onlyKeys(step: unknown, expected: unknown): unknown {
  const like =
    typeof expected === 'object' && expected !== null && 'like' in expected ? String(expected.like) : undefined;
  if (like !== undefined) return new RegExp(like).test(textOfStep(step)) ? expected : step;
  if (
    typeof step !== 'object' ||
    step === null ||
    !('put' in step) ||
    typeof expected !== 'object' ||
    expected === null
  )
    return step;
  return Object.fromEntries(Object.entries(step).filter(([key]) => key in expected));
}

function textOfStep(step: unknown): string {
  return typeof step === 'object' && step !== null && 'run' in step ? String(step.run) : String(step);
}
