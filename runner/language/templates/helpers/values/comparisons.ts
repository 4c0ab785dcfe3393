import { isDeepStrictEqual } from 'node:util';
import { compareVersions } from '../../../values/version.ts';
import type { HelperGroup } from '../helper.ts';
import { BadArgument } from '../helper.ts';
import { kindOf } from '../../../values/undefined.ts';
import { text } from '../take.ts';

/** Comparing, for `#if` and `ternary`. */
export const comparisons: HelperGroup = {
  title: 'Comparing',
  helpers: [
    {
      name: 'eq',
      args: 'a b',
      summary: 'Whether both are the same, lists and mappings by what they hold. Text and numbers are never the same.',
      templatesOnly: true,
      example: { template: '{{eq port 80}}', vars: { port: 80 }, result: true },
      run: ([a, b]) => isDeepStrictEqual(a, b),
    },
    {
      name: 'ne',
      args: 'a b',
      summary: 'Whether they differ.',
      templatesOnly: true,
      example: { template: '{{ne port 80}}', vars: { port: 80 }, result: false },
      run: ([a, b]) => !isDeepStrictEqual(a, b),
    },
    {
      name: 'lt',
      args: 'a b',
      summary: 'Whether a is less than b; both numbers or both text.',
      templatesOnly: true,
      example: { template: '{{lt 1 2}}', result: true },
      run: (args) => order(args) < 0,
    },
    {
      name: 'le',
      args: 'a b',
      summary: 'Whether a is less than b or the same.',
      templatesOnly: true,
      example: { template: '{{le 2 2}}', result: true },
      run: (args) => order(args) <= 0,
    },
    {
      name: 'gt',
      args: 'a b',
      summary: 'Whether a is more than b.',
      templatesOnly: true,
      example: { template: '{{gt 1 2}}', result: false },
      run: (args) => order(args) > 0,
    },
    {
      name: 'ge',
      args: 'a b',
      summary: 'Whether a is more than b or the same.',
      templatesOnly: true,
      example: { template: '{{ge 2 2}}', result: true },
      run: (args) => order(args) >= 0,
    },
    {
      name: 'version',
      args: 'a operator b',
      summary:
        'Whether two versions compare so: ==, !=, <, <=, >, >=. Numbers in them count as numbers; 1.0-rc1 is before 1.0.',
      example: { template: '{{version "1.10" ">=" "1.9"}}', result: true },
      run: (args) => compare(compareVersions(text(args), text(args, 2)), text(args, 1)),
    },
    {
      name: 'versionAtLeast',
      args: 'a b',
      summary: 'Whether version a is b or newer.',
      example: { template: '{{versionAtLeast "24.0.5" "23"}}', result: true },
      run: (args) => compareVersions(text(args), text(args, 1)) >= 0,
    },
  ],
};

function order([a, b]: unknown[]): number {
  const comparable = typeof a === typeof b && (typeof a === 'number' || typeof a === 'string');
  if (!comparable) throw new BadArgument(`expects two numbers or two texts, found ${kindOf(a)} and ${kindOf(b)}`);
  if (a === b) return 0;
  return (a as number) < (b as number) ? -1 : 1;
}

const outcomes: Record<string, (sign: number) => boolean> = {
  '==': (sign) => sign === 0,
  '!=': (sign) => sign !== 0,
  '<': (sign) => sign < 0,
  '<=': (sign) => sign <= 0,
  '>': (sign) => sign > 0,
  '>=': (sign) => sign >= 0,
};

function compare(sign: number, operator: string): boolean {
  const holds = Object.hasOwn(outcomes, operator) ? outcomes[operator] : undefined;
  if (!holds) throw new BadArgument(`expects one of ${Object.keys(outcomes).join(' ')}, found '${operator}'`, 1);
  return holds(sign);
}
