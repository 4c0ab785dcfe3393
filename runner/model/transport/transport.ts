import type { Readable, Writable } from 'node:stream';

/** Where and how to log in, with every default already applied. Times in milliseconds. */
export interface Target {
  /** The inventory's name, for messages and for HostKeyAlias-like look-ups. */
  name: string;
  /** `ssh`, `local`, or the name of a plugin's transport. */
  connection: string;
  host: string;
  /** Where a change has moved it: dialled instead of `host`, by whose name its settings and its key still go. */
  movedTo?: string;
  port?: number;
  user?: string;
  password?: string;
  privateKeyFile?: string;
  passphrase?: string;
  /** Known-hosts files, instead of the user's and the system's. */
  knownHostsFile?: string;
  /** `strict` refuses unknown keys; `accept-new` records them, as OpenSSH's option does; changed keys never pass. */
  hostKeys: 'strict' | 'accept-new';
  sshConfigFile?: string;
  connectTimeout: number;
  forwardAgent?: boolean;
}

/** Why a channel ended. `lost`: the connection was lost, so it is not known how the command ended. */
export type ChannelEnd =
  | { kind: 'exit'; code: number }
  | { kind: 'signal'; signal: string }
  | { kind: 'lost'; message: string };

/** One running command: bytes in, bytes out. */
export interface Channel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly end: Promise<ChannelEnd>;
  /** Stops the command where the transport can, and frees the channel. */
  close(): void;
}

/** A log-in to one target. It carries bytes and knows nothing of shells, sudo or files. */
export interface Connection {
  /** Starts `command` by the target's login shell; rejects with XrunError E_UNREACHABLE when the connection is gone. */
  open(command: string, options?: { pty?: boolean }): Promise<Channel>;
  /** Resolves, with the reason, when the connection is lost or closed. */
  readonly lost: Promise<string>;
  /** The address this connection really went to, as the kernel resolved it. */
  readonly remoteAddress: string;
  close(): Promise<void>;
}

/** Logs in. Rejects with XrunError: E_UNREACHABLE, E_HOST_KEY, E_AUTH, E_KEY_FILE. */
export interface Transport {
  connect(target: Target, signal?: AbortSignal): Promise<Connection>;
}
