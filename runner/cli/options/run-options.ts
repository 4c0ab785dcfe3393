import type { RunOptions } from '../../api/index.ts';
import { extraVars } from './extra-vars.ts';
import type { InventoryFlags, RunFlags } from './flags.ts';
import type { Interrupts } from '../interrupts.ts';
import type { Io } from '../io.ts';
import { shardOf } from './shard.ts';
import { vaultPasswords } from './vault-passwords.ts';

/** What a run and the commands that only look (`validate`, `--list-tasks`) are given alike. */
export type LookOptions = Omit<RunOptions, 'reporters'>;

/** From the options of the command line. */
export async function lookOptions(
  playbooks: string[],
  flags: InventoryFlags & Partial<RunFlags>,
  io: Io,
): Promise<LookOptions> {
  return {
    playbooks,
    inventories: flags.inventory,
    ...(flags.limit !== undefined && { limit: flags.limit }),
    ...(flags.retryFailed && { retryFailed: true }),
    ...(flags.shard !== undefined && { shard: shardOf(flags.shard, flags.shardBy ?? 'host', io.env) }),
    ...(flags.tags?.length && { tags: flags.tags }),
    ...(flags.skipTags?.length && { skipTags: flags.skipTags }),
    ...(flags.startAtTask !== undefined && { startAtTask: flags.startAtTask }),
    extraVars: flags.extraVars.map((text) => extraVars(text, io.cwd)),
    vaultPasswords: await vaultPasswords(flags, io),
    env: io.env,
    cwd: io.cwd,
  };
}

/** What the commands that act on hosts are given alike besides. */
export function actOptions(
  { forks, verbose, check = false, diff = false }: { forks?: number; verbose: number; check?: boolean; diff?: boolean },
  { drain, signal }: Interrupts,
): Pick<RunOptions, 'forks' | 'verbosity' | 'check' | 'diff' | 'drain' | 'signal'> {
  return {
    ...(forks !== undefined && { forks }),
    ...(verbose > 0 && { verbosity: verbose }),
    check,
    diff,
    drain,
    signal,
  };
}
