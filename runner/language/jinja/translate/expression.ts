import { didYouMean } from '../../../diagnostics/nearest.ts';
import { NoTranslation } from '../problem.ts';
import type { Args, Expr, ExprOf } from '../source/ast.ts';
import { call, literal, not, operator } from '../target/term.ts';
import type { Term } from '../target/term.ts';
import { boolean, joinTypes, list, mapping, number, typeAt, unknown } from '../types.ts';
import type { JinjaType } from '../types.ts';
import type { Terms, Tools } from './arguments.ts';
import { templateNameIn } from './context.ts';
import type { Context } from './context.ts';
import { filterNames, filterOf } from './filters.ts';
import { functionOf } from './functions.ts';
import { changing, methodOf } from './methods.ts';
import { calculation } from './operators.ts';
import { oldFilters, testOf } from './tests.ts';
import { truth } from './truth.ts';

/** The term for an expression's value. Throws NoTranslation. */
export function valueOf(expr: Expr, context: Context): Term {
  const translate = translators[expr.kind] as (expr: Expr, context: Context) => Term;
  return translate(expr, context);
}

/** The term for an expression's truth, which is true or false. Throws NoTranslation. */
export function conditionOf(expr: Expr, context: Context): Term {
  if (expr.kind === 'unary' && expr.operator === 'not') return not(conditionOf(expr.of, context));
  if (expr.kind === 'binary' && (expr.operator === 'and' || expr.operator === 'or')) {
    const [left, right] = [conditionOf(expr.left, context), conditionOf(expr.right, context)];
    return operator(expr.operator === 'and' ? '&&' : '||', left, right);
  }
  if (expr.kind === 'choice') {
    const other = expr.other ? conditionOf(expr.other, context) : literal(false);
    return {
      kind: 'choice',
      test: conditionOf(expr.test, context),
      then: conditionOf(expr.then, context),
      other,
      type: boolean,
    };
  }
  return truth(valueOf(expr, context));
}

type Translators = { [K in Expr['kind']]: (expr: ExprOf<K>, context: Context) => Term };

const translators: Translators = {
  name: ({ name }, context) => context.locals.get(name) ?? { kind: 'variable', name, type: context.env.typeOf(name) },
  literal: ({ value, float }) => ({ ...literal(value), ...(float && { float }) }) as Term,
  list: ({ items }, context) => {
    const terms = items.map((item) => valueOf(item, context));
    const item = terms.length > 0 ? terms.map(({ type }) => type).reduce(joinTypes) : undefined;
    return { kind: 'list', items: terms, type: item ? { kind: 'list', item } : list };
  },
  mapping: ({ entries }, context) => ({
    kind: 'mapping',
    entries: entries.map(([key, value]) => [valueOf(key, context), valueOf(value, context)]),
    type: mapping,
  }),
  attribute: ({ of, key }, context) => loopData(of, key, context) ?? member(valueOf(of, context), key),
  item: ({ of, index }, context) => {
    const [container, key] = [valueOf(of, context), valueOf(index, context)];
    if (isName(of, 'vars') && key.kind === 'literal')
      return valueOf({ ...of, kind: 'name', name: String(key.value) }, context);
    if (key.kind !== 'literal') return { kind: 'lookup', of: container, key, type: itemType(container.type) };
    if (typeof key.value === 'number' && key.value < 0) return fromEnd(container, key.value);
    return member(container, typeof key.value === 'number' ? key.value : String(key.value));
  },
  slice,
  call: called,
  filter: ({ of, name, args, ...at }, context) =>
    filtered(name, valueOf(of, context), termsOf(args, context), toolsAt(at, context)),
  test: ({ of, name, args, negated, ...at }, context) => {
    const holds = tested(name, valueOf(of, context), termsOf(args, context), toolsAt(at, context));
    return negated ? not(holds) : holds;
  },
  unary: (expr, context) => {
    if (expr.operator === 'not') return not(conditionOf(expr.of, context));
    const value = valueOf(expr.of, context);
    return expr.operator === '+' ? value : operator('-', literal(0), value, number);
  },
  binary: (expr, context) => {
    const { left, right, operator: sign } = expr;
    if (sign === 'and' || sign === 'or') return either(expr, context);
    return calculation(sign, valueOf(left, context), valueOf(right, context), toolsAt(expr, context));
  },
  compare: ({ first, rest }, context) => {
    let left = valueOf(first, context);
    const compared = rest.map(([sign, expr]) => {
      const right = valueOf(expr, context);
      const result = sign === 'not in' ? not(operator('in', left, right)) : operator(sign, left, right);
      left = right;
      return result;
    });
    return compared.reduce((all, one) => operator('&&', all, one));
  },
  choice: (expr, context) => {
    const [then, other] = [valueOf(expr.then, context), expr.other ? valueOf(expr.other, context) : literal('')];
    return {
      kind: 'choice',
      test: conditionOf(expr.test, context),
      then,
      other,
      type: joinTypes(then.type, other.type),
    };
  },
};

/** The value of `a and b`: the one that decides; of booleans the condition. */
function either(expr: ExprOf<'binary'>, context: Context): Term {
  const [left, right] = [valueOf(expr.left, context), valueOf(expr.right, context)];
  if (left.type.kind === 'boolean' && right.type.kind === 'boolean') return conditionOf(expr, context);
  return call(expr.operator === 'and' ? 'both' : 'either', [left, right], joinTypes(left.type, right.type));
}

function member(of: Term, key: string | number): Term {
  return { kind: 'member', of, key, type: typeAt(of.type, key) };
}

function itemType(type: JinjaType): JinjaType {
  return type.item ?? unknown;
}

function fromEnd(of: Term, index: number): Term {
  return index === -1 ? call('last', [of], itemType(of.type)) : call('nth', [of, literal(index)], itemType(of.type));
}

function slice({ of, from, to, step, ...at }: ExprOf<'slice'>, context: Context): Term {
  const value = valueOf(of, context);
  if (step) {
    const by = valueOf(step, context);
    if (!from && !to && by.kind === 'literal' && by.value === -1) return call('reverse', [value], value.type);
    throw new NoTranslation('J_EXPRESSION', at, 'A slice with a step has no counterpart.');
  }
  const start = from ? valueOf(from, context) : literal(0);
  return call('slice', [value, start, ...(to ? [valueOf(to, context)] : [])], value.type);
}

/** What is known of the loop around: `loop.index` and the like. */
function loopData(of: Expr, key: string | number, context: Context): Term | undefined {
  if (!isName(of, 'loop') || context.locals.has('loop')) return undefined;
  const path = { index: '@number', index0: '@index', first: '@first', last: '@last', length: '@length' }[key];
  if (path) return { kind: 'local', path, type: key === 'first' || key === 'last' ? boolean : number };
  const [length, index] = ['@length', '@index'].map((name): Term => ({ kind: 'local', path: name, type: number }));
  if (key === 'revindex') return operator('-', length!, index!, number);
  if (key === 'revindex0') return operator('-', operator('-', length!, index!, number), literal(1), number);
  throw new NoTranslation('J_EXPRESSION', of, `'loop.${key}' has no counterpart in Handlebars.`);
}

function isName(expr: Expr, name: string): boolean {
  return expr.kind === 'name' && expr.name === name;
}

function called({ callee, args, ...at }: ExprOf<'call'>, context: Context): Term {
  const terms = termsOf(args, context);
  const tools = toolsAt(at, context);
  if (callee.kind === 'name') {
    const known = functionOf(callee.name);
    if (known) return known(terms, tools);
    const macro = context.macros.has(callee.name)
      ? 'A macro can only stand alone in {{ }}.'
      : `There is no function '${callee.name}'.`;
    return tools.fail('J_FUNCTION', macro);
  }
  if (callee.kind !== 'attribute') return tools.fail('J_FUNCTION', 'What is called here has no counterpart.');
  if (isName(callee.of, 'loop') && callee.key === 'cycle') {
    const index: Term = { kind: 'local', path: '@index', type: number };
    const turn = operator('%', index, literal(terms.positional.length), number);
    return call('nth', [{ kind: 'list', items: terms.positional, type: list }, turn], unknown);
  }
  const name = String(callee.key);
  if (Object.hasOwn(changing, name))
    return tools.fail('J_METHOD', `'.${name}()' can only stand alone in {{ }}, set or if.`);
  const method = methodOf(name);
  if (!method) return tools.fail('J_METHOD', `The method '.${name}()' of Python has no counterpart.`);
  return method(valueOf(callee.of, context), terms, tools);
}

function filtered(
  name: string,
  of: Term,
  args: Terms,
  tools: Tools & { custom(name: string): string | undefined },
): Term {
  const filter = filterOf(name);
  if (filter) return filter(of, args, tools);
  if (oldFilters.has(name)) return tools.test(name, of, args);
  const custom = tools.custom(name);
  if (custom) return call(custom, [of, ...args.positional], unknown, args.named);
  return tools.fail(
    'J_FILTER',
    [`The filter '${name}' has no counterpart.`, didYouMean(name, filterNames)].filter(Boolean).join(' '),
  );
}

function tested(name: string, of: Term, args: Terms, tools: Tools): Term {
  const test = testOf(name);
  return test ? test(of, args, tools) : tools.fail('J_TEST', `The test '${name}' has no counterpart.`);
}

function termsOf({ positional, named }: Args, context: Context): Terms {
  return {
    positional: positional.map((arg) => valueOf(arg, context)),
    named: Object.fromEntries(Object.entries(named).map(([name, value]) => [name, valueOf(value, context)])),
  };
}

function toolsAt(
  { start, end }: { start: number; end: number },
  context: Context,
): Tools & { custom(name: string): string | undefined } {
  const at = { start, end };
  const tools: Tools & { custom(name: string): string | undefined } = {
    at,
    language: context.language,
    filter: (name, of, args) => filtered(name, of, args, tools),
    test: (name, of, args) => tested(name, of, args, tools),
    templateName: (name) => templateNameIn(context, name, 'lookup', at),
    fail(code, message): never {
      throw new NoTranslation(code, at, message);
    },
    custom(written) {
      // A collection that the project itself is stands in front of its own filters.
      const name = written.slice(written.lastIndexOf('.') + 1);
      if (!context.env.customFilters?.has(name)) return undefined;
      const helper = name.replaceAll(/_+([a-z\d])/g, (_, letter: string) => letter.toUpperCase());
      context.helpers.add(helper);
      return helper;
    },
  };
  return tools;
}
