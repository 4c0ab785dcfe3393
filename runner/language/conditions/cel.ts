import { Environment } from '@marcbachmann/cel-js';
import type { ASTNode, ParseResult } from '@marcbachmann/cel-js';
import { celFunctionNames, celFunctions, ourBool, ourMatches, registerHelper } from './cel-functions.ts';
import type { Known } from '../templates/helpers/registry.ts';

/** A node of a condition's syntax tree. */
export type CelNode = ASTNode;
/** A parsed condition. */
export type Condition = ParseResult;

const environment = celFunctions(
  new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false, enableOptionalTypes: true }),
);
const cache = new Map<string, Condition>();

/** Parses a condition, once for each text; throws cel-js's own ParseError. */
export function parseCondition(source: string): Condition {
  const known = cache.get(source);
  if (known) return known;
  const parsed = environment.parse(source);
  adapt(parsed.ast);
  if (cache.size > 20_000) cache.clear();
  cache.set(source, parsed);
  return parsed;
}

/** Lets `bool(...)` and `text.matches(...)` call ours, and `key in mapping` ask for the key alone. */
function adapt(node: unknown): void {
  if (Array.isArray(node)) node.forEach(adapt);
  if (typeof node !== 'object' || node === null || !('op' in node)) return;
  const { op, args } = node as CelNode;
  if (op === 'call' && args[0] === 'bool') args[0] = ourBool;
  if (op === 'rcall' && args[0] === 'matches') args[0] = ourMatches;
  if (op === 'in') askForKeys(node as unknown as Evaluated);
  if (op !== 'id' && op !== 'value') adapt(args);
}

/** What cel-js has in its nodes beyond its types. */
interface Evaluated {
  args: [Evaluated, Evaluated];
  setMeta(
    key: 'evaluate',
    evaluate: (
      evaluator: { run(node: Evaluated, context: unknown): unknown },
      node: Evaluated,
      context: unknown,
    ) => unknown,
  ): void;
  handle(left: unknown, right: unknown, node: Evaluated, evaluator: unknown): unknown;
}

/** cel-js reads a mapping's value to see whether there is one: of `hostvars` that would render it, and log in for facts. */
function askForKeys(node: Evaluated): void {
  node.setMeta('evaluate', (evaluator, self, context) => {
    const [key, container] = self.args.map((arg) => evaluator.run(arg, context));
    if (container instanceof Map && typeof key === 'string') return container.has(key);
    return self.handle(key, container, self, evaluator);
  });
}

const functionNames = new Set(environment.getDefinitions().functions.map(({ name }) => name));

/** Teaches conditions a helper that a plugin brings. */
export function learnHelper(helper: Known): void {
  registerHelper(environment, helper);
  functionNames.add(helper.name);
  celFunctionNames.add(helper.name);
}

/** Whether there is a function or method of this name, for whatever values. */
export function isFunction(name: string): boolean {
  return functionNames.has(name);
}

/** The variables a condition reads; `*` where it cannot be parsed. */
export function readsOfCondition(source: string | boolean): ReadonlySet<string> {
  if (typeof source === 'boolean') return new Set();
  try {
    const found = new Set<string>();
    collect(parseCondition(source).ast, found);
    return found;
  } catch {
    return new Set(['*']);
  }
}

/** Names bound by `exists(x, ...)` and the like count too: they do no harm. */
function collect(node: unknown, into: Set<string>): void {
  if (Array.isArray(node)) for (const inner of node) collect(inner, into);
  if (typeof node !== 'object' || node === null || !('op' in node)) return;
  const { op, args } = node as CelNode;
  if (op === 'id') into.add(args as string);
  else if (op !== 'value') collect(args, into);
}
