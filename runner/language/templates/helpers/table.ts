import type { Call, Helper } from './helper.ts';

/** What an example renders, what it gives, and with which variables. */
type ExampleOf = [template: string, result: unknown, vars?: Record<string, unknown>];
type Run = (args: unknown[], call: Call) => unknown;

/**
 * A helper in one call.
 *
 * @param usage its name and arguments, as the documentation shows them: `center text width`
 * @param more its named arguments and whatever else it has
 */
export function helper(
  usage: string,
  summary: string,
  [template, result, vars]: ExampleOf,
  run: Run,
  more: Partial<Helper> = {},
): Helper {
  const [name = '', ...args] = usage.split(' ');
  return { name, args: args.join(' '), summary, example: { template, result, ...(vars && { vars }) }, run, ...more };
}
