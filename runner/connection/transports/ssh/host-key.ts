import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { XrunError } from '../../../diagnostics/errors.ts';
import { fingerprint, keyType, knownHostName, knownHosts } from './known-hosts.ts';
import type { KnownHost } from './known-hosts.ts';

/** What decides whether a host's key is taken. */
export interface HostKeyPolicy {
  /** The name that it is known by: HostKeyAlias, or the name that was connected to. */
  name: string;
  port: number;
  /** New keys are written to the first; default: the user's and the system's. */
  files?: string[];
  acceptNew: boolean;
}

/** The key algorithms that each recorded key type can serve. */
const ALGORITHMS: Record<string, string[]> = { 'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] };

/** ssh2's own order, for types that nothing is recorded of. */
const ALL = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
];

/** The lines of all known_hosts files about one host, and the verdict they give. */
export class KnownKeys {
  readonly #policy: HostKeyPolicy;
  readonly #name: string;
  readonly #entries: KnownHost[];
  /** Of the host without its port, which OpenSSH takes too where nothing is known of the port. */
  readonly #plain: KnownHost[];

  constructor(policy: HostKeyPolicy) {
    this.#policy = policy;
    this.#name = knownHostName(policy.name, policy.port);
    const entries = (name: string) => files(policy).flatMap((file) => knownHosts(file, name));
    this.#entries = entries(this.#name);
    const plain = knownHostName(policy.name, 22);
    this.#plain = plain === this.#name ? [] : entries(plain);
  }

  /** Algorithms to ask for: those of recorded keys first, so that a host with several keys shows the known one. */
  algorithms(): string[] {
    const known = [...this.#entries, ...this.#plain]
      .filter((e) => !e.marker)
      .flatMap((e) => ALGORITHMS[e.type] ?? [e.type]);
    return [...new Set([...known.filter((a) => ALL.includes(a)), ...ALL])];
  }

  /** Undefined: the key is the host's. Otherwise why it is refused; a new key that may be accepted is recorded. */
  refuse(key: Buffer, onWarning: (message: string) => void): XrunError | undefined {
    const same = this.#entries.filter((e) => e.key.equals(key));
    const samePlain = this.#plain.filter((e) => e.key.equals(key));
    const revoked = [...same, ...samePlain].find((e) => e.marker === 'revoked');
    if (revoked) return this.#error(`its key ${fingerprint(key)} is revoked by ${place(revoked)}`);
    if (same.some((e) => !e.marker)) return undefined;
    const others = this.#entries.filter((e) => !e.marker);
    if (others.length > 0) return this.#changed(key, others);
    if (samePlain.some((e) => !e.marker)) return undefined;
    const authority = this.#entries.find((e) => e.marker === 'cert-authority');
    if (authority) return this.#certificate(key, authority);
    if (!this.#policy.acceptNew) return this.#unknown(key);
    record(files(this.#policy)[0] as string, `${this.#name} ${keyType(key)} ${key.toString('base64')}`);
    onWarning(`recorded the new host key of ${this.#name}: ${keyType(key)} ${fingerprint(key)}`);
    return undefined;
  }

  #changed(key: Buffer, others: KnownHost[]): XrunError {
    const old = others.find((e) => e.type === keyType(key)) ?? (others[0] as KnownHost);
    const message =
      `its key has changed: ${keyType(key)} ${fingerprint(key)} instead of ${old.type} ${fingerprint(old.key)} ` +
      `(${place(old)}); the host may have been reinstalled, or the connection is intercepted`;
    return this.#error(message, `If the new key is right, run \`ssh-keygen -f ${old.file} -R '${this.#name}'\`.`);
  }

  #certificate(key: Buffer, authority: KnownHost): XrunError {
    return this.#error(
      `${place(authority)} trusts it by a certificate authority, and xrun cannot verify host certificates`,
      `Add its own key (${keyType(key)} ${fingerprint(key)}) to known_hosts.`,
    );
  }

  #unknown(key: Buffer): XrunError {
    const message = `its key ${keyType(key)} ${fingerprint(key)} is not in ${files(this.#policy).join(', ')}`;
    return this.#error(
      message,
      `Compare the fingerprint, then run \`ssh-keyscan -p ${this.#policy.port} ${this.#policy.name} >> known_hosts\`; or accept new keys with \`--accept-new\`.`,
    );
  }

  #error(message: string, hint?: string): XrunError {
    return new XrunError('E_HOST_KEY', `${this.#name}: ${message}`, hint === undefined ? {} : { hint });
  }
}

function files(policy: HostKeyPolicy): string[] {
  if (policy.files) return policy.files;
  const own = join(homedir(), '.ssh');
  const system = '/etc/ssh/ssh_known_hosts';
  return [join(own, 'known_hosts'), join(own, 'known_hosts2'), system, `${system}2`];
}

function place(entry: KnownHost): string {
  return `${entry.file}:${entry.line}`;
}

/** Appends a line, on a line of its own whatever the file ended with. */
function record(file: string, line: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  let before = '';
  try {
    before = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  appendFileSync(file, `${before === '' || before.endsWith('\n') ? '' : '\n'}${line}\n`, { mode: 0o600 });
}
