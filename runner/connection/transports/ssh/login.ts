import type { HostKeyPolicy } from './host-key.ts';

/** Milliseconds between signs of life, and after how many without an answer a host is lost, where no configuration says otherwise. */
export const KEEPALIVE = { interval: 10_000, count: 3 };
/** Milliseconds until a host that has fallen silent counts as lost, at most. */
export const SILENCE = KEEPALIVE.interval * (KEEPALIVE.count + 1);

/** One log-in on the way to a target, every default and configuration file applied. Times in milliseconds. */
export interface Login {
  /** What a TCP connection is made to. */
  host: string;
  port: number;
  user: string;
  password?: string;
  /** `wanted` by the user (unusable: an error), or a default place (unusable: passed over). */
  keyFiles: { path: string; wanted: boolean }[];
  passphrase?: string;
  /** The agent's socket. */
  agent?: string;
  /** Of the agent's keys, only those of `keyFiles`. */
  identitiesOnly?: boolean;
  forwardAgent: boolean;
  hostKey: HostKeyPolicy;
  connectTimeout: number;
  keepalive: { interval: number; count: number };
  /** How to get there: through another log-in, which may itself have one, or by a local command. */
  jump?: Login;
  proxyCommand?: string;
}
