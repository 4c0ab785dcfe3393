import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { XrunError } from '../../../diagnostics/errors.ts';
import { KEEPALIVE } from './login.ts';
import type { Login } from './login.ts';
import { sshSettings } from './ssh-config.ts';
import type { SshSettings } from './ssh-config.ts';
import type { Target } from '../../../model/transport/transport.ts';

/** The keys that are tried by default, newest kind first. */
const DEFAULT_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];
/** More hops than this are a configuration that jumps in a circle. */
const MOST_JUMPS = 8;

/**
 * What it takes to log in to a target. The target's own settings win over the SSH configuration's, but for a
 * ConnectTimeout there. Rejects with E_SSH_CONFIG.
 */
export function resolveLogin(target: Target): Promise<Login> {
  return resolve(target, undefined, 0);
}

/** `jumps`: the hops before this one, as the last hop's ProxyJump named them; undefined where its own count. */
async function resolve(target: Target, jumps: string | undefined, depth: number): Promise<Login> {
  const { name, sshConfigFile } = target;
  if (depth > MOST_JUMPS)
    throw new XrunError('E_SSH_CONFIG', `${name}: more than ${MOST_JUMPS} jumps; does ProxyJump lead in a circle?`);
  const settings = await sshSettings({
    host: target.host,
    ...(target.user === undefined ? {} : { user: target.user }),
    ...(target.port === undefined ? {} : { port: target.port }),
    ...(sshConfigFile === undefined ? {} : { file: sshConfigFile }),
  });
  const read = new Reader(settings);
  const host = (read.text('hostname') ?? target.host).replaceAll('%h', target.host);
  const dialled = target.movedTo ?? host;
  const port = target.port ?? read.number('port') ?? 22;
  const user = target.user ?? read.text('user') ?? userInfo().username;
  const expand = (text: string): string => expandTokens(text, { host: dialled, port, user, name: target.host });
  const proxyCommand = jumps === undefined ? read.text('proxycommand') : undefined;
  const via = jumps ?? read.text('proxyjump');
  const seconds = read.number('connecttimeout');
  const alive = read.number('serveraliveinterval');
  return {
    host: dialled,
    port,
    user,
    ...(target.password === undefined ? {} : { password: target.password }),
    keyFiles: keyFiles(
      target,
      read.list('identityfile').map((name) => expand(named(name))),
    ),
    ...(target.passphrase === undefined ? {} : { passphrase: target.passphrase }),
    ...agent(read.text('identityagent')),
    identitiesOnly: read.yes('identitiesonly'),
    forwardAgent: target.forwardAgent ?? read.yes('forwardagent'),
    hostKey: hostKey(target, read, { host, port, expand }),
    connectTimeout: seconds === undefined ? target.connectTimeout : seconds * 1000,
    keepalive: alive
      ? { interval: alive * 1000, count: read.number('serveralivecountmax') ?? KEEPALIVE.count }
      : KEEPALIVE,
    ...(via ? { jump: await resolveJump(target, via, depth) } : {}),
    ...(proxyCommand && !via ? { proxyCommand: expand(proxyCommand) } : {}),
  };
}

/** The last hop of `[user@]host[:port],...`; the ones before are its own jumps. */
function resolveJump(target: Target, via: string, depth: number): Promise<Login> {
  const hops = via.split(',');
  const last = (hops.pop() as string).trim().replace(/^ssh:\/\//, '');
  const match = /^(?:(.*)@)?(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(last);
  if (!match)
    throw new XrunError('E_SSH_CONFIG', `${target.name}: ${JSON.stringify(last)} is not a valid ProxyJump host`);
  const [, user, host, port] = match as unknown as [string, string | undefined, string, string | undefined];
  const hop: Target = {
    name: host,
    connection: 'ssh',
    host: host.replace(/^\[(.*)\]$/, '$1'),
    hostKeys: target.hostKeys,
    connectTimeout: target.connectTimeout,
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(target.privateKeyFile === undefined ? {} : { privateKeyFile: target.privateKeyFile }),
    ...(target.passphrase === undefined ? {} : { passphrase: target.passphrase }),
    ...(target.knownHostsFile === undefined ? {} : { knownHostsFile: target.knownHostsFile }),
    ...(target.sshConfigFile === undefined ? {} : { sshConfigFile: target.sshConfigFile }),
  };
  return resolve(hop, hops.length > 0 ? hops.join(',') : undefined, depth + 1);
}

function keyFiles(target: Target, configured: string[]): Login['keyFiles'] {
  const wanted = target.privateKeyFile === undefined ? [] : [{ path: home(target.privateKeyFile), wanted: true }];
  const defaults = target.privateKeyFile === undefined ? DEFAULT_KEYS.map((key) => join('~', '.ssh', key)) : [];
  const others = configured.length > 0 ? configured : defaults;
  return [...wanted, ...others.map((path) => ({ path: home(path), wanted: false }))];
}

function agent(configured: string | undefined): { agent?: string } {
  if (configured === 'none') return {};
  const named = configured === undefined || configured === 'SSH_AUTH_SOCK' ? env.SSH_AUTH_SOCK : home(configured);
  return named ? { agent: named.startsWith('$') ? (env[named.slice(1)] ?? '') : named } : {};
}

function hostKey(
  target: Target,
  read: Reader,
  { host, port, expand }: { host: string; port: number; expand(text: string): string },
): Login['hostKey'] {
  const alias = read.text('hostkeyalias');
  const lenient = ['accept-new', 'no', 'off', 'false'].includes(read.text('stricthostkeychecking') ?? '');
  const configured = [...read.files('userknownhostsfile'), ...read.files('globalknownhostsfile')].map((name) =>
    home(expand(named(name))),
  );
  const files = target.knownHostsFile === undefined ? configured : [home(target.knownHostsFile)];
  return {
    // An alias is used as it is, whatever the port: so OpenSSH.
    ...(alias === undefined ? { name: host, port } : { name: alias, port: 22 }),
    acceptNew: target.hostKeys === 'accept-new' || lenient,
    ...(files.length > 0 ? { files } : {}),
  };
}

function home(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}

/** The tokens of ssh_config(5) that make sense here. */
function expandTokens(
  text: string,
  { host, port, user, name }: { host: string; port: number; user: string; name: string },
): string {
  const tokens: Record<string, string> = {
    h: host,
    n: name,
    p: String(port),
    r: user,
    d: homedir(),
    u: userInfo().username,
    '%': '%',
  };
  return text.replace(/%([a-z%])/gi, (whole, token: string) => tokens[token] ?? whole);
}

/** `${NAME}` in a name of a file is a variable of the environment, as ssh_config(5) has it; `ssh -G` leaves it to be expanded. */
function named(text: string): string {
  const unquoted = /^"(.*)"$/.exec(text)?.[1] ?? text;
  return unquoted.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    if (env[name] === undefined)
      throw new XrunError(
        'E_SSH_CONFIG',
        `the SSH configuration names the file ${text}, but the environment has no variable ${name}`,
      );
    return env[name];
  });
}

function namesIn(words: readonly string[]): string[] {
  if (words.length < 2) return [...words];
  for (let end = words.length; end > 1; end--) {
    const name = words.slice(0, end).join(' ');
    if (name.startsWith('"') ? name.endsWith('"') : existsSync(home(name))) return [name, ...namesIn(words.slice(end))];
  }
  return [words[0] as string, ...namesIn(words.slice(1))];
}

/** Settings in the forms they are wanted in; `none` is nothing. */
class Reader {
  readonly #settings: SshSettings;

  constructor(settings: SshSettings) {
    this.#settings = settings;
  }

  list(name: string): string[] {
    return (this.#settings.get(name) ?? []).filter((value) => value !== 'none');
  }

  text(name: string): string | undefined {
    const [value] = this.#settings.get(name) ?? [];
    return value === 'none' && name !== 'identityagent' ? undefined : value;
  }

  /**
   * Names of files with blanks between them. `ssh -G` prints a name that holds blanks without the quotes that it was written
   * with, so that a row of words is taken as the names that exist, the longest first.
   */
  files(name: string): string[] {
    return this.list(name).flatMap((value) => namesIn(value.split(/\s+/).filter(Boolean)));
  }

  number(name: string): number | undefined {
    const value = Number(this.text(name));
    return Number.isInteger(value) && value > 0 ? value : undefined;
  }

  yes(name: string): boolean {
    return ['yes', 'true'].includes(this.text(name) ?? '');
  }
}
