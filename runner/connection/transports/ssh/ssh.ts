import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { NodeSSH } from 'node-ssh';
import type { Client } from 'ssh2';
import { XrunError } from '../../../diagnostics/errors.ts';
import { Auth } from './auth.ts';
import { dial, reason, where } from './dial.ts';
import { gatherWrites } from './gather-writes.ts';
import { KnownKeys } from './host-key.ts';
import { jumpThrough } from './jumps.ts';
import { Limiter } from '../../../model/limiter.ts';
import { resolveLogin } from './resolve-login.ts';
import type { Login } from './login.ts';
import { proxyCommand } from './proxy-command.ts';
import { SshConnection } from './ssh-connection.ts';
import type { Connection, Target, Transport } from '../../../model/transport/transport.ts';

/** Handshakes at once, over all hosts. More win nothing: they are bound by the processor, here and there. */
const handshakes = new Limiter(20);
/** First wait, ms, after a server has hung up before the handshake (sshd's MaxStartups); it grows by half each time. */
const FIRST_PAUSE = 100;

/** Hung up on before the handshake: the server may take it a moment later. */
class Refused extends XrunError {}

/** SSH through node-ssh and its ssh2. */
export class SshTransport implements Transport {
  readonly #onWarning: (message: string) => void;

  /** `onWarning` gets a message for each host key that was recorded. */
  constructor(onWarning: (message: string) => void) {
    this.#onWarning = onWarning;
  }

  async connect(target: Target, signal?: AbortSignal): Promise<Connection> {
    return this.#login(await resolveLogin(target), signal);
  }

  async #login(login: Login, signal?: AbortSignal): Promise<SshConnection> {
    const until = Date.now() + login.connectTimeout;
    for (let pause = FIRST_PAUSE; ; pause *= 1.5) {
      try {
        return await this.#try(login, signal);
      } catch (error) {
        if (!(error instanceof Refused) || Date.now() + pause > until || signal?.aborted) throw error;
      }
      await sleep(pause * (0.5 + Math.random()));
    }
  }

  async #try(login: Login, signal?: AbortSignal): Promise<SshConnection> {
    const { socket, address, release } = await this.#reach(login, signal);
    try {
      const connection = await handshakes.run(() => this.#handshake(login, socket, address, signal));
      void connection.lost.then(release);
      return connection;
    } catch (error) {
      release();
      throw error;
    }
  }

  /** A stream of bytes to the host's port; `release` when it is not needed any more. */
  async #reach(login: Login, signal?: AbortSignal): Promise<{ socket: Duplex; address: string; release: () => void }> {
    const { host, port, jump } = login;
    if (login.proxyCommand) return { socket: proxyCommand(login.proxyCommand), address: host, release: nothing };
    if (!jump) {
      const socket = await dial(host, port, login.connectTimeout, signal);
      return { socket, address: socket.remoteAddress ?? host, release: nothing };
    }
    const { connection, release } = await jumpThrough(jump, (hop) => this.#login(hop, signal));
    try {
      return {
        socket: await inTime(connection.forward(host, port), login.connectTimeout, signal),
        address: host,
        release,
      };
    } catch (error) {
      release();
      const why = (error as Error).message;
      throw new XrunError('E_UNREACHABLE', `${where(host, port)}, through ${jump.host}: ${why}`, { cause: error });
    }
  }

  async #handshake(login: Login, socket: Duplex, address: string, signal?: AbortSignal): Promise<SshConnection> {
    const auth = await Auth.prepare(login);
    const keys = new KnownKeys(login.hostKey);
    const stage = new Stage(login);
    const ssh = new NodeSSH();
    const done = ssh.connect({
      sock: gatherWrites(socket) as never,
      username: login.user,
      readyTimeout: 0,
      keepaliveInterval: login.keepalive.interval,
      keepaliveCountMax: Infinity, // see SshConnection.watch
      algorithms: { serverHostKey: keys.algorithms() as never },
      hostVerifier: (key: Buffer) => {
        stage.keyError = keys.refuse(key, this.#onWarning);
        return stage.keyError === undefined;
      },
      authHandler: ((allowed: string[] | null) => auth.next(allowed)) as never,
      ...(login.forwardAgent && auth.agent ? { agent: auth.agent, agentForward: true } : {}),
    });
    const client = ssh.connection as Client;
    const connection = new SshConnection(client, socket, address, where(login.host, login.port));
    client.once('handshake', () => {
      stage.reached = 'authentication';
    });
    let give: (error: Error) => void = nothing;
    const given = new Promise<never>((_resolve, reject) => {
      give = reject;
    });
    const fail = (why: string) => () => {
      stage.failure = why;
      give(new Error(why));
    };
    // It may have been closed while it waited for its turn, and then nothing more would come.
    if (socket.destroyed) give(new Error('lost before handshake'));
    const timer = setTimeout(fail(`no log-in within ${login.connectTimeout / 1000} s`), login.connectTimeout);
    const abort = fail('cancelled');
    signal?.addEventListener('abort', abort, { once: true });
    try {
      await Promise.race([done, given]);
      connection.watch(login.keepalive);
      return connection;
    } catch (error) {
      done.catch(nothing);
      socket.destroy();
      throw stage.explain(error as Error, auth);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }
}

/** A stream, if it comes before the time is up; else it is closed when it comes. Rejects with a plain Error. */
async function inTime(coming: Promise<Duplex>, ms: number, signal?: AbortSignal): Promise<Duplex> {
  const late = AbortSignal.any([AbortSignal.timeout(ms), ...(signal ? [signal] : [])]);
  const given = new Promise<never>((_resolve, reject) => {
    const give = () => reject(new Error(signal?.aborted ? 'cancelled' : `no answer within ${ms / 1000} s`));
    if (late.aborted) give();
    else late.addEventListener('abort', give, { once: true });
  });
  try {
    return await Promise.race([coming, given]);
  } catch (error) {
    coming.then((stream) => stream.destroy()).catch(nothing);
    throw error;
  }
}

function nothing(): void {}

/** How far a log-in has come, to say what a failure means. */
class Stage {
  reached: 'handshake' | 'authentication' = 'handshake';
  keyError: XrunError | undefined;
  failure: string | undefined;
  readonly #login: Login;

  constructor(login: Login) {
    this.#login = login;
  }

  explain(error: Error & { level?: string }, auth: Auth): XrunError {
    if (this.keyError) return this.keyError;
    const place = where(this.#login.host, this.#login.port);
    if (this.failure) return new XrunError('E_UNREACHABLE', `${place}: ${this.failure}`, { cause: error });
    if (error.level === 'client-authentication') return auth.refused(this.#login);
    if (this.reached === 'authentication') {
      if (/too many authentication failures/i.test(error.message)) return auth.refused(this.#login, error.message);
      return new XrunError('E_UNREACHABLE', `${place}: the host hung up during the log-in: ${reason(error)}`, {
        cause: error,
      });
    }
    const hungUp = /lost before handshake|No response from server|ECONNRESET|reset|EPIPE/.test(error.message);
    if (hungUp)
      return new Refused('E_UNREACHABLE', `${place}: the host hung up before the handshake`, { cause: error });
    return new XrunError('E_UNREACHABLE', `${place}: ${reason(error)}`, { cause: error });
  }
}
