import { EvaluationError } from '@marcbachmann/cel-js';
import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { helpers } from '../templates/helpers/registry.ts';
import type { Known } from '../templates/helpers/registry.ts';
import { Absent, BadArgument } from '../templates/helpers/helper.ts';
import type { Reach } from '../templates/helpers/helper.ts';
import { XrunError } from '../../diagnostics/errors.ts';
import { reachNow } from './reach.ts';
import { fromCel, toCel } from './cel-values.ts';
import { registerPresence } from './cel-presence.ts';

/** The tests of a task's result, by the names Ansible has for them. */
export const statusTests: Record<string, { summary: string; holds: (result: Record<string, unknown>) => boolean }> = {
  changed: { summary: 'the task changed something', holds: (r) => r.changed === true },
  failed: { summary: 'the task failed, whether that was ignored or not', holds: (r) => r.failed === true },
  succeeded: { summary: 'the task did not fail', holds: (r) => r.failed !== true && r.unreachable !== true },
  success: { summary: 'the same as succeeded', holds: (r) => r.failed !== true && r.unreachable !== true },
  skipped: { summary: 'the task was skipped', holds: (r) => r.skipped === true },
  unknown: { summary: 'what the task would do cannot be predicted in check mode', holds: (r) => r.unknown === true },
  finished: { summary: 'the job of an async task has ended', holds: (r) => Number(r.finished) === 1 },
  unreachable: { summary: 'the host could not be reached', holds: (r) => r.unreachable === true },
};

const mixed: Record<string, (a: number, b: number) => unknown> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

/** The names of all functions, for suggestions. */
export const celFunctionNames = new Set([
  ...[
    'size',
    'int',
    'double',
    'string',
    'bool',
    'type',
    'has',
    'defined',
    'default',
    'matches',
    'timestamp',
    'duration',
  ],
  ...Object.keys(statusTests),
  ...[...helpers.values()].filter((helper) => !helper.templatesOnly).map((helper) => helper.name),
]);

/** The name under which `bool` is registered: CEL's own does not know yes and no, and cannot be replaced. */
export const ourBool = '_bool';

/** The name under which the method `matches` is registered: cel-js matches by JavaScript's own expressions, in any time. */
export const ourMatches = '_matches';

/** Teaches CEL what conditions have besides its own: status tests, the helpers, and sums of whole and other numbers. */
export function celFunctions(environment: Environment): Environment {
  for (const name of Object.keys(statusTests)) {
    environment.registerFunction(`${name}(dyn): bool`, (result: unknown) => statusOf(name, result));
  }
  for (const helper of helpers.values()) if (!helper.templatesOnly) registerHelper(environment, helper);
  environment.registerFunction(`${ourBool}(dyn): bool`, (value: unknown) =>
    call(helpers.get('bool') as Known, [value]),
  );
  environment.registerFunction(`string.${ourMatches}(string): bool`, (text: string, pattern: string) =>
    call(helpers.get('matches') as Known, [text, pattern]),
  );
  registerMixedNumbers(environment);
  refuseMixedEquality(environment);
  environment.registerOperator('string in string: bool', (part: string, text: string) => text.includes(part));
  registerPresence(environment);
  return environment;
}

/** The helpers' signatures that are registered. */
const overloads = new Set<string>();

/** Overloads beyond the least number of arguments; CEL knows no variable number of them. */
const mostOptional = 6;

/** An overload for each number of arguments that the helper takes; named ones are a last argument that is a mapping. */
export function registerHelper(environment: Environment, helper: Known): void {
  const most = Math.min(helper.max, helper.min + mostOptional) + (helper.named ? 1 : 0);
  for (let count = helper.min; count <= most; count++) {
    const signature = `${helper.name}(${Array(count).fill('dyn').join(', ')}): dyn`;
    // A plugin's helper may be replaced, but no overload.
    if (overloads.has(signature)) continue;
    overloads.add(signature);
    environment.registerFunction(signature, (...args: unknown[]) => call(helpers.get(helper.name) ?? helper, args));
  }
}

function call(helper: Known, given: unknown[]): unknown {
  const plain = given.map(fromCel);
  const named = namedOf(helper, plain);
  try {
    const args = named ? plain.slice(0, -1) : plain;
    return toCel(helper.run(args, Object.assign(Object.create(lazyReach) as Reach, { named: named ?? {} })));
  } catch (error) {
    if (error instanceof Absent) throw new XrunError('E_UNDEFINED', `${helper.name} ${error.message}`);
    if (error instanceof BadArgument) throw fault(`${helper.name} ${error.message}`);
    throw error;
  }
}

/** The named arguments: a mapping behind those that the helper needs, with no other key than their names. */
function namedOf({ named = {}, min, max }: Known, args: unknown[]): Record<string, unknown> | undefined {
  const last = args.at(-1);
  if (args.length <= min || typeof last !== 'object' || last === null || Array.isArray(last)) return undefined;
  const keys = Object.keys(last);
  const fits = keys.length > 0 && keys.every((key) => Object.hasOwn(named, key));
  return fits || args.length > max ? (last as Record<string, unknown>) : undefined;
}

/** What helpers in conditions may reach is looked up when they reach for it: hardly any does. */
const lazyReach: Reach = {
  get env() {
    return reachNow().env;
  },
  readFile: (path) => reachNow().readFile(path),
  findFiles: (pattern) => reachNow().findFiles(pattern),
  renderFile: (path) => reachNow().renderFile(path),
  keepFile: (path, make) => reachNow().keepFile(path, make),
  fetchText: (address, fetching) => reachNow().fetchText(address, fetching),
};

function registerMixedNumbers(environment: Environment): void {
  for (const [operator, compute] of Object.entries(mixed)) {
    environment.registerOperator(`int ${operator} double: double`, (a: bigint, b: number) => compute(Number(a), b));
    environment.registerOperator(`double ${operator} int: double`, (a: number, b: bigint) => compute(a, Number(b)));
  }
  // eslint-disable-next-line eqeqeq -- the only comparison of a bigint with a number that is exact
  environment.registerOperator('int == double: bool', (a: bigint, b: number) => a == (b as unknown));
}

/** CEL finds 80 and "80" different without a word, which people then hunt for; here it is an error. */
function refuseMixedEquality(environment: Environment): void {
  for (const [type, shown] of [
    ['int', 'a number'],
    ['double', 'a number'],
    ['bool', 'a boolean'],
  ] as const) {
    environment.registerOperator(`${type} == string: bool`, (...operands: unknown[]) => {
      throw fault(`text is compared with ${shown}; they are never the same`, operands[2] as ASTNode);
    });
  }
}

/** An error that cel-js gives a place to. */
function fault(message: string, node?: ASTNode): EvaluationError {
  return new EvaluationError({ code: 'fault', message, ...(node && { node }) });
}

function statusOf(name: string, result: unknown): boolean {
  if (!(result instanceof Map)) throw fault(`${name}() needs the registered result of a task`);
  // Each test reads the keys it is about, and fails as unknown where a check does not know them.
  const keys = new Proxy({}, { get: (_, key) => (result.has(key) ? (result.get(key) as unknown) : undefined) });
  return statusTests[name]?.holds(keys) ?? false;
}
