import { XrunError } from '../errors.ts';
import type { Play } from '../playbook/types.ts';
import type { Run } from './run-state.ts';

/** The batches of a play: all at once, or as `serial` says: a number, a percentage, or a list whose last goes on. */
export function batches(run: Run, play: Play, hosts: readonly string[]): string[][] {
  if (!play.serial) return [[...hosts]];
  const { value, at } = play.serial;
  const rendered = run.renderer.render(value, run.vars.scopeFor('localhost'), at);
  const sizes = (Array.isArray(rendered) ? rendered : [rendered]).map((size) => {
    const n = sizeOf(size, hosts.length);
    if (Number.isInteger(n)) return n;
    throw new XrunError('E_TYPE', `serial: found ${JSON.stringify(size)}, wanted a number, a percentage such as "30%", or a list of them`, { at });
  });
  const result: string[][] = [];
  for (let start = 0, i = 0; start < hosts.length; i++) {
    const size = sizes[Math.min(i, sizes.length - 1)] || hosts.length;
    result.push(hosts.slice(start, start + size));
    start += size;
  }
  return result;
}

function sizeOf(size: unknown, hosts: number): number {
  const percent = typeof size === 'string' ? /^(\d+(?:\.\d+)?)%$/.exec(size) : null;
  if (percent) return Math.max(1, Math.floor((Number(percent[1]) / 100) * hosts));
  const n = Number(size);
  return n >= 0 ? n : Number.NaN;
}
