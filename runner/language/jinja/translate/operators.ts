import type { BinaryOperator } from '../source/ast.ts';
import { call, operator } from '../target/term.ts';
import type { Term } from '../target/term.ts';
import { list, number, text, unknown } from '../types.ts';
import type { JinjaType } from '../types.ts';
import type { Tools } from './arguments.ts';
import { pyText } from './value-filters.ts';

type Calculation = (left: Term, right: Term, tools: Tools) => Term;

const calculations: Readonly<Record<Exclude<BinaryOperator, 'and' | 'or'>, Calculation>> = {
  '+': plus,
  '-': (left, right) =>
    left.type.kind === 'list' ? call('difference', [left, right], list) : operator('-', left, right, number),
  '*': (left, right) =>
    isNumber(left) && isNumber(right) ? operator('*', left, right, number) : call('times', [left, right], unknown),
  '/': (left, right, { language }) =>
    language === 'cel'
      ? operator('/', call('double', [left], number), right, number)
      : operator('/', left, right, number),
  '//': (left, right) => call('intDiv', [left, right], number),
  '%': (left, right) => (left.type.kind === 'text' ? formatted(left, right) : operator('%', left, right, number)),
  '**': (left, right) => call('pow', [left, right], number),
  '~': cat,
};

/** The term for a calculation. */
export function calculation(sign: BinaryOperator, left: Term, right: Term, tools: Tools): Term {
  return calculations[sign as '+'](left, right, tools);
}

/** In CEL `+` is for every kind of value; of templates `add` is for numbers, `concat` for lists, `plus` for any. */
function plus(left: Term, right: Term, { language }: Tools): Term {
  const type = sumType(left.type, right.type);
  if (language === 'cel' || !(isNumber(left) && isNumber(right)))
    return joined(operator('+', left, right, type), language);
  return call('add', [...parts('add', left), right], number);
}

function joined(sum: Term, language: Tools['language']): Term {
  if (language === 'cel' || sum.kind !== 'operator' || sum.type.kind !== 'list') return sum;
  return call('concat', [...parts('concat', sum.left), sum.right], sum.type);
}

/** The summands so far, so that `a + b + c` is one call. */
function parts(name: string, left: Term): Term[] {
  return left.kind === 'call' && left.name === name ? left.args : [left];
}

function sumType(left: JinjaType, right: JinjaType): JinjaType {
  if (left.kind === 'unknown') return right.kind === 'list' || right.kind === 'text' ? { kind: right.kind } : unknown;
  return left.kind === 'list' || left.kind === 'text' || left.kind === 'number' ? { kind: left.kind } : unknown;
}

function isNumber({ type }: Term): boolean {
  return type.kind === 'number';
}

function cat(left: Term, right: Term, { language }: Tools): Term {
  if (language === 'cel') return operator('+', pyText(left), pyText(right), text);
  return call('cat', [...parts('cat', left), right], text);
}

/** `'%s' % a`, `'%s %s' % (a, b)`. */
function formatted(left: Term, right: Term): Term {
  return call('format', [left, ...(right.kind === 'list' ? right.items : [right])], text);
}
