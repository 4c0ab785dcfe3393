import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { addedConnections } from '../../model/transport/added-transports.ts';
import { XrunError } from '../../diagnostics/errors.ts';
import type { Position } from '../../diagnostics/errors.ts';
import type { Become } from '../../model/transport/host-shell.ts';
import type { Target } from '../../model/transport/transport.ts';
import type { ConnectionOptions } from '../../model/options/options.ts';
import { FactsNeeded } from '../../model/variables.ts';
import type { Scope } from '../../model/variables.ts';

/** Seconds until a host counts as unreachable, as in Ansible. */
const connectTimeout = 10;

/** What the command line says; everything else is stronger. */
export interface LoginDefaults extends ConnectionOptions {
  /** What the names of files in positions are relative to; the process's directory where not given. */
  cwd?: string;
}

/** What a play or task says about logging in, rendered: stronger than the command line, weaker than variables. */
export interface LoginKeywords {
  connection?: string;
  user?: string;
  port?: number;
}

/** What a play or task says about become, rendered. */
export interface BecomeKeywords {
  become?: boolean;
  user?: string;
  method?: string;
}

/** Where and how to log in to a host. Throws E_CONNECTION for a variable with an invalid value, at its place. */
export function targetOf(host: string, scope: Scope, cli: LoginDefaults = {}, keywords: LoginKeywords = {}): Target {
  const read = new Variables(scope, cli.cwd);
  return read.sound(loginBy(read, host, cli, keywords));
}

/** Who a task runs as; undefined where it stays the user that logged in. Throws E_CONNECTION. */
export function becomeOf(scope: Scope, cli: LoginDefaults = {}, keywords: BecomeKeywords = {}): Become | undefined {
  const read = new Variables(scope, cli.cwd);
  return read.sound(becomeBy(read, cli, keywords));
}

/**
 * Everything that is wrong with a host's connection variables, each at its place. What cannot be reported before the run (a
 * variable made of facts) is reported in it.
 *
 * @param becomes whether a task may use become
 */
export function loginFaults(host: string, scope: Scope, cli: LoginDefaults, becomes: boolean): XrunError[] {
  const login = new Variables(scope, cli.cwd, { passOver: 'until the run' });
  loginBy(login, host, cli, {});
  // Who becomes whom is for each task to say: a host that is never asked for needs no password.
  const become = new Variables(scope, cli.cwd, { passOver: 'always' });
  becomeBy(become, cli, { become: becomes });
  return [...login.faults, ...become.faults];
}

function loginBy(read: Variables, host: string, cli: LoginDefaults, keywords: LoginKeywords): Target {
  return defined({
    name: host,
    connection:
      read.oneOf('connection', {
        ssh: 'ssh',
        smart: 'ssh',
        openssh: 'ssh',
        paramiko: 'ssh',
        local: 'local',
        ...addedConnections(),
      }) ?? (keywords.connection === 'local' ? 'local' : 'ssh'),
    host: read.text('host') ?? host,
    port: read.port('port') ?? keywords.port,
    user: read.text('user') ?? keywords.user ?? cli.user,
    password: read.text('password') ?? cli.password,
    privateKeyFile: read.path('private_key_file') ?? cli.privateKeyFile,
    passphrase: read.text('private_key_passphrase'),
    knownHostsFile: read.path('known_hosts_file') ?? cli.knownHostsFile,
    hostKeys: hostKeysOf(read) ?? cli.hostKeys ?? 'strict',
    sshConfigFile: read.path('ssh_config_file') ?? cli.sshConfigFile,
    connectTimeout: seconds(read.number('connect_timeout')) ?? cli.connectTimeoutMs ?? connectTimeout * 1000,
    forwardAgent: read.boolean('forward_agent'),
  });
}

function becomeBy(read: Variables, cli: LoginDefaults, keywords: BecomeKeywords): Become | undefined {
  if (!(read.boolean('become') ?? keywords.become ?? cli.become ?? false)) return undefined;
  const methods = { sudo: 'sudo', su: 'su', doas: 'doas' } as const;
  const keyword = keywords.method === undefined ? undefined : methods[keywords.method as keyof typeof methods];
  if (keywords.method !== undefined && !keyword) throw wrong('become_method', keywords.method, 'sudo, su or doas');
  return defined({
    method: read.oneOf('become_method', methods) ?? keyword ?? cli.becomeMethod ?? 'sudo',
    user: read.text('become_user') ?? keywords.user ?? cli.becomeUser ?? 'root',
    password: read.text('become_password') ?? cli.becomePassword,
  });
}

function hostKeysOf(read: Variables): Target['hostKeys'] | undefined {
  const chosen = read.oneOf('host_keys', { strict: 'strict', 'accept-new': 'accept-new' } as const);
  const checking = read.boolean('host_key_checking');
  return chosen ?? (checking === undefined ? undefined : checking ? 'strict' : 'accept-new');
}

type PassOver = 'never' | 'until the run' | 'always';

/** Connection variables, each checked as it is read. */
class Variables {
  /** What was wrong with those that were read; they count as not given. */
  readonly faults: XrunError[] = [];
  readonly #scope: Scope;
  readonly #cwd: string;
  readonly #passOver: PassOver;

  /** @param how.passOver variables that cannot be rendered yet, or at all, count as not given */
  constructor(scope: Scope, cwd = '', { passOver = 'never' }: { passOver?: PassOver } = {}) {
    this.#scope = scope;
    this.#cwd = cwd;
    this.#passOver = passOver;
  }

  /** What was made of them; throws E_CONNECTION where one was wrong. */
  sound<T>(made: T): T {
    const [fault] = this.faults;
    if (fault) throw fault;
    return made;
  }

  text(name: string): string | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    return this.#wrong(name, value, 'text');
  }

  number(name: string): number | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (typeof value === 'boolean' || !Number.isFinite(number) || number < 0)
      return this.#wrong(name, value, 'a number');
    return number;
  }

  port(name: string): number | undefined {
    const port = this.number(name);
    if (port === undefined || (Number.isInteger(port) && port > 0 && port < 65_536)) return port;
    return this.#wrong(name, port, 'a port from 1 to 65535');
  }

  boolean(name: string): boolean | undefined {
    const value = this.#value(name);
    if (value === undefined || typeof value === 'boolean') return value;
    const word = String(value).toLowerCase();
    if (['true', 'yes', 'on', '1'].includes(word)) return true;
    if (['false', 'no', 'off', '0'].includes(word)) return false;
    return this.#wrong(name, value, 'true or false');
  }

  oneOf<T extends string>(name: string, choices: Readonly<Record<string, T>>): T | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    if (typeof value === 'string' && Object.hasOwn(choices, value)) return choices[value];
    return this.#wrong(name, value, Object.keys(choices).join(', '));
  }

  /** A file of the controller's; a relative one is looked for from the file that names it. */
  path(name: string): string | undefined {
    const written = this.text(name);
    if (written === undefined) return undefined;
    if (written === '~' || written.startsWith('~/')) return homedir() + written.slice(1);
    return resolve(this.#cwd, baseOf(this.#place(name)), written);
  }

  #value(name: string): unknown {
    const full = `xrun_${name}`;
    const value = this.#scope.has(full) ? this.#get(full) : undefined;
    return value === null || value === '' ? undefined : value;
  }

  #get(name: string): unknown {
    try {
      return this.#scope.get(name);
    } catch (error) {
      if (this.#passOver === 'never' || !(error instanceof XrunError || error instanceof FactsNeeded)) throw error;
      // No result or fact of the run fixes these.
      if (
        this.#passOver === 'until the run' &&
        error instanceof XrunError &&
        ['E_VAULT', 'E_CYCLE'].includes(error.code)
      )
        this.faults.push(error);
      return undefined;
    }
  }

  #place(name: string): Position | undefined {
    return this.#scope.candidates(`xrun_${name}`).at(-1)?.at;
  }

  #wrong(name: string, value: unknown, wanted: string): undefined {
    this.faults.push(wrong(`xrun_${name}`, value, wanted, this.#place(name)));
  }
}

/** Files in `group_vars` and `host_vars` speak from where the inventory is. */
function baseOf(at: Position | undefined): string {
  if (!at) return '.';
  const parts = dirname(at.file).split('/');
  const index = parts.findIndex((part) => part === 'group_vars' || part === 'host_vars');
  return index < 0 ? dirname(at.file) : parts.slice(0, index).join('/') || '/';
}

function wrong(name: string, value: unknown, wanted: string, at?: Position): XrunError {
  return new XrunError('E_CONNECTION', `${name} is ${JSON.stringify(value)}; it must be ${wanted}`, at ? { at } : {});
}

function seconds(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value * 1000;
}

/** Without the keys that are undefined. */
function defined<T extends object>(object: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
