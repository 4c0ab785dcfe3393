import { existsSync } from 'node:fs';
import type { AnyAuthMethod, BaseAgent, ParsedKey } from 'ssh2';
import { XrunError } from '../../../diagnostics/errors.ts';
import { listedAgent } from './agent.ts';
import type { ListedAgent } from './agent.ts';
import { readKey } from './key-file.ts';
import type { Login } from './login.ts';

interface Method {
  name: string;
  method: AnyAuthMethod;
}

/** The ways to log in to one place, in the order they are tried, and a record of what was. */
export class Auth {
  readonly #methods: Method[];
  readonly #tried: string[] = [];
  readonly #skipped: string[];
  readonly agent: BaseAgent | undefined;

  private constructor(methods: Method[], skipped: string[], agent?: BaseAgent) {
    this.#methods = methods;
    this.#skipped = skipped;
    this.agent = agent;
  }

  /** Reads keys and asks the agent. Rejects with E_KEY_FILE for a key file that the user asked for. */
  static async prepare(login: Login): Promise<Auth> {
    const skipped: string[] = [];
    const keys = await readKeys(login, skipped);
    const agent = login.agent ? await listedAgent(login.agent, skipped) : undefined;
    const usable = agent && login.identitiesOnly ? agent.only(keys.map((k) => k.key)) : agent;
    const username = login.user;
    const fromAgent = usable && usable.size > 0 ? [agentMethod(usable, username)] : [];
    const wanted = keys.filter((k) => k.wanted).map((k) => keyMethod(k, username));
    const others = keys.filter((k) => !k.wanted).map((k) => keyMethod(k, username));
    // A key that was named comes first: servers hang up after a few wrong ones, and agents hold many.
    return new Auth([...wanted, ...fromAgent, ...others, ...passwordMethods(login)], skipped, agent);
  }

  /** The next attempt that the server allows; false when there is none. */
  next(allowed: readonly string[] | null): AnyAuthMethod | false {
    for (;;) {
      const candidate = this.#methods.shift();
      if (!candidate) return false;
      const wire = candidate.method.type === 'agent' ? 'publickey' : candidate.method.type;
      if (allowed && !allowed.includes(wire)) {
        this.#skipped.push(`${candidate.name} (the server takes only ${allowed.join(', ')})`);
        continue;
      }
      this.#tried.push(candidate.name);
      return candidate.method;
    }
  }

  /** E_AUTH: who could not log in where, and what was tried. */
  refused(login: Login, why?: string): XrunError {
    const tried = this.#tried.length > 0 ? `tried ${this.#tried.join(', ')}` : 'there was nothing to try';
    const skipped = this.#skipped.length > 0 ? `; passed over: ${this.#skipped.join(', ')}` : '';
    const message = `${login.host} port ${login.port} refused the log-in of ${login.user}: ${tried}${skipped}${why ? ` (${why})` : ''}`;
    return new XrunError('E_AUTH', message);
  }
}

interface NamedKey {
  path: string;
  key: ParsedKey;
  wanted: boolean;
}

async function readKeys(login: Login, skipped: string[]): Promise<NamedKey[]> {
  const keys: NamedKey[] = [];
  for (const { path, wanted } of login.keyFiles) {
    if (!wanted && !existsSync(path)) continue;
    try {
      keys.push({ path, wanted, key: await readKey(path, login.passphrase) });
    } catch (error) {
      if (wanted) throw error;
      skipped.push((error as Error).message);
    }
  }
  return keys;
}

function keyMethod({ path, key }: NamedKey, username: string): Method {
  return { name: `key ${path}`, method: { type: 'publickey', username, key } };
}

function agentMethod(agent: ListedAgent, username: string): Method {
  return {
    name: `agent (${agent.size} key${agent.size === 1 ? '' : 's'})`,
    method: { type: 'agent', username, agent },
  };
}

function passwordMethods({ user: username, password }: Login): Method[] {
  if (password === undefined) return [];
  return [
    { name: 'password', method: { type: 'password', username, password } },
    {
      name: 'keyboard-interactive',
      method: {
        type: 'keyboard-interactive',
        username,
        // A prompt that shows what is typed does not ask for the password.
        prompt: (_name, _instructions, _lang, prompts, finish) => finish(prompts.map((p) => (p.echo ? '' : password))),
      },
    },
  ];
}
