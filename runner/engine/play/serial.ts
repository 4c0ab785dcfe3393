import type { Play } from '../../model/playbook.ts';
import { checked } from '../task/numbers.ts';
import type { Run } from '../run/run-state.ts';

/** The batches of a play: all at once, or as `serial` says: a number, a percentage, or a list whose last goes on. Throws E_TYPE. */
export function batches(run: Run, play: Play, hosts: readonly string[]): string[][] {
  if (!play.serial) return [[...hosts]];
  const { value, at } = play.serial;
  const rendered = checked('serial', run.renderer.render(value, run.vars.scopeFor('localhost'), at), play.serial);
  const sizes = [rendered].flat().map((size) => sizeOf(String(size), hosts.length));
  const result: string[][] = [];
  for (let start = 0, i = 0; start < hosts.length; i++) {
    const size = sizes[Math.min(i, sizes.length - 1)] ?? hosts.length;
    result.push(hosts.slice(start, start + size));
    start += size;
  }
  return result;
}

function sizeOf(size: string, hosts: number): number {
  const number = Number.parseFloat(size);
  return size.endsWith('%') ? Math.max(1, Math.floor((number / 100) * hosts)) : number;
}
