import type { HelperGroup } from '../helper.ts';
import { BadArgument } from '../helper.ts';
import { integer, number } from '../take.ts';

/** A list that `range` makes is never longer. */
const longest = 100_000;

/** Calculating. */
export const numbers: HelperGroup = {
  title: 'Numbers',
  helpers: [
    {
      name: 'add',
      args: 'number number...',
      summary: 'The sum.',
      example: { template: '{{add 1 2 3}}', result: 6 },
      run: (args) => all(args).reduce((a, b) => a + b),
    },
    {
      name: 'sub',
      args: 'number number',
      summary: 'The first without the second.',
      example: { template: '{{sub 5 2}}', result: 3 },
      run: (args) => number(args) - number(args, 1),
    },
    {
      name: 'mul',
      args: 'number number...',
      summary: 'The product.',
      example: { template: '{{mul 2 3}}', result: 6 },
      run: (args) => all(args).reduce((a, b) => a * b),
    },
    {
      name: 'div',
      args: 'number number',
      summary: 'The first divided by the second; use int or round for a whole number.',
      example: { template: '{{div 5 2}}', result: 2.5 },
      run: (args) => number(args) / divisor(args),
    },
    {
      name: 'mod',
      args: 'number number',
      summary: 'What a whole division leaves, never negative.',
      example: { template: '{{mod 7 3}}', result: 1 },
      run: (args) => ((number(args) % divisor(args)) + divisor(args)) % divisor(args),
    },
    {
      name: 'round',
      args: 'number digits?',
      summary: 'Rounded, to so many digits after the point; a half goes to the even side, as in Python.',
      named: { method: '"ceil" or "floor": up or down' },
      example: { template: '{{round 2.567 1}}', result: 2.6 },
      run: (args, { named }) => {
        const factor = 10 ** (args.length > 1 ? integer(args, 1) : 0);
        const scaled = number(args) * factor;
        if (named.method === 'ceil') return Math.ceil(scaled) / factor;
        if (named.method === 'floor') return Math.floor(scaled) / factor;
        const even = Math.abs(scaled % 1) === 0.5 && Math.floor(scaled) % 2 === 0;
        return (even ? Math.floor(scaled) : Math.round(scaled)) / factor;
      },
    },
    {
      name: 'abs',
      args: 'number',
      summary: 'Without its sign.',
      example: { template: '{{abs -3}}', result: 3 },
      run: (args) => Math.abs(number(args)),
    },
    {
      name: 'range',
      args: 'start end step?',
      summary: 'The numbers from start up to, but without, end.',
      example: { template: '{{range 1 4}}', result: [1, 2, 3] },
      run: range,
    },
  ],
};

function all(args: unknown[]): number[] {
  return args.map((_, i) => number(args, i));
}

function divisor(args: unknown[]): number {
  const by = number(args, 1);
  if (by === 0) throw new BadArgument('cannot divide by 0', 1);
  return by;
}

function range(args: unknown[]): number[] {
  const [start, end] = [integer(args), integer(args, 1)];
  const step = args.length > 2 ? integer(args, 2) : 1;
  if (step === 0) throw new BadArgument('expects a step other than 0', 2);
  const length = Math.max(0, Math.ceil((end - start) / step));
  if (length > longest) throw new BadArgument(`would make ${length} numbers; the most is ${longest}`);
  return Array.from({ length }, (_, i) => start + i * step);
}
