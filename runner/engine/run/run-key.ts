import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Shard } from '../../model/options/shard.ts';

/** What the state of a run is kept for. */
export interface KeyedRun {
  cwd: string;
  playbooks: readonly string[];
  /** Paths, or lists of hosts as `h1,h2`. */
  inventories: readonly string[];
  /** Controllers that share a directory for their state have one each. */
  shard?: Shard;
}

/** The same for every run of the same playbooks with the same inventories, from wherever they are named. */
export function runKey({ cwd, playbooks, inventories, shard }: KeyedRun): string {
  const parts = [
    playbooks.map((path) => real(cwd, path)),
    inventories.map((from) => (from.includes(',') ? from : real(cwd, from))),
    ...(shard ? [[shard.number, shard.count, shard.by]] : []),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/** The same file from wherever it is named. */
function real(cwd: string, path: string): string {
  const whole = resolve(cwd, path);
  try {
    return realpathSync(whole);
  } catch {
    return whole;
  }
}
