import type { Reporter, Stats } from '../events.ts';
import type { VarsPrompt } from '../playbook.ts';
import type { Shard } from './shard.ts';

/** How to log in, as the command line gave it; inventory variables of a host are stronger. */
export interface ConnectionOptions {
  user?: string;
  privateKeyFile?: string;
  password?: string;
  become?: boolean;
  becomeUser?: string;
  becomeMethod?: 'sudo' | 'su' | 'doas';
  becomePassword?: string;
  sshConfigFile?: string;
  knownHostsFile?: string;
  hostKeys?: 'strict' | 'accept-new';
  connectTimeoutMs?: number;
}

/** What is asked of one run. Paths are relative to `cwd`. */
export interface RunOptions {
  playbooks: string[];
  inventories: string[];
  /** A host pattern that narrows every play. */
  limit?: string;
  /** Only hosts that failed or were unreachable in the last run of these playbooks and inventories; instead of `limit`. */
  retryFailed?: boolean;
  /** Of the hosts that every play would have, those of one part: another controller runs each other part. */
  shard?: Shard;
  tags?: string[];
  skipTags?: string[];
  /** Strongest last. */
  extraVars?: Record<string, unknown>[];
  /** Hosts at a time; 50 where not given. */
  forks?: number;
  /** How often `-v` was given; only variables show it. */
  verbosity?: number;
  check?: boolean;
  /** Ask modules for before and after; reporters show them. */
  diff?: boolean;
  startAtTask?: string;
  /** Asked before each task; `continue` asks no more. */
  /** --force-handlers: every play's notified handlers run on failed hosts, too. */
  forceHandlers?: boolean;
  step?: (task: string) => Promise<'yes' | 'no' | 'continue'>;
  reporters: Reporter[];
  connection?: ConnectionOptions;
  vaultPasswords?: string[];
  prompt?: (prompt: VarsPrompt) => Promise<string>;
  /** Aborting stops remote commands and ends the run. */
  signal?: AbortSignal;
  /** Aborting starts no more tasks and lets running ones finish. */
  drain?: AbortSignal;
  cwd: string;
  /** The controller's environment, for the `env` helper. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** How a run ended. */
export interface RunSummary {
  stats: Record<string, Stats>;
  interrupted: boolean;
  /** A host changed, or would change. */
  changed: boolean;
  /** In a check: what a task would do is unknown. */
  unknown: boolean;
  /** A host failed or was unreachable, or a play could not begin. */
  failed: boolean;
  /** A play could not begin, and no task had begun before: no host was touched. */
  untouched: boolean;
  /** Hosts that failed or were unreachable, and that a run with `retryFailed` would take; none after a check. */
  retryable: string[];
}
