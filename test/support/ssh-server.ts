import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server as TcpServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import ssh2 from 'ssh2';
import type { Connection, ParsedKey, ServerChannel, Session } from 'ssh2';
import type { Target } from '../../runner/model/transport/transport.ts';

/** What a test server does unlike an ordinary one. All can be changed while it runs. */
export interface Faults {
  /** Sessions that one connection may have open; sshd's MaxSessions. */
  maxSessions?: number;
  /** Connections to hang up on before a word is said; sshd's MaxStartups. */
  refuseConnections?: number;
  /** Printed before each command's own output, as noisy login scripts do. */
  noise?: { stdout?: string; stderr?: string };
  /** Runs instead of every command; sshd's ForceCommand. */
  forceCommand?: string;
  /** Milliseconds before a log-in is answered. */
  slowAuth?: number;
  /** Hangs up when a command has printed so many bytes more; then that is over. */
  dropAfter?: number | undefined;
  /** Never answers where it is to be jumped through. */
  deafForwards?: boolean;
  /** Takes passwords by keyboard-interactive only. */
  keyboardOnly?: boolean;
}

export interface ServerOptions extends Faults {
  /** What `sh` is: a path, or `busybox` for its applet. Default: the machine's own. */
  sh?: string;
  /** Taken from any user. */
  password?: string;
  /** Also present on PATH instead of the machine's directories, by name: tests what a poor host lacks. */
  onlyCommands?: string[];
  hostKey?: string;
}

/** An SSH server inside the test: real commands by a real `sh`, and faults on demand. */
export class SshServer {
  readonly port: number;
  readonly directory: string;
  readonly faults: Faults;
  /** The private key that may log in. */
  readonly keyFile: string;
  readonly knownHosts: string;
  readonly hostKey: ParsedKey;
  /** Connections that got through to a log-in, ever. */
  logins = 0;
  /** Who logged in, in order. */
  readonly users: string[] = [];
  readonly #tcp: TcpServer;
  readonly #sockets: Set<Socket>;

  private constructor(
    tcp: TcpServer,
    sockets: Set<Socket>,
    parts: Pick<SshServer, 'directory' | 'faults' | 'keyFile' | 'knownHosts' | 'hostKey'>,
  ) {
    this.#tcp = tcp;
    this.#sockets = sockets;
    this.port = (tcp.address() as AddressInfo).port;
    this.directory = parts.directory;
    this.faults = parts.faults;
    this.keyFile = parts.keyFile;
    this.knownHosts = parts.knownHosts;
    this.hostKey = parts.hostKey;
    writeFileSync(this.knownHosts, this.knownHostsLine());
  }

  static async start(options: ServerOptions = {}): Promise<SshServer> {
    const directory = mkdtempSync(join(tmpdir(), 'xrun-ssh-'));
    const keyFile = join(directory, 'id');
    const client = newKey();
    writeFileSync(keyFile, client.pem, { mode: 0o600 });
    const host = options.hostKey ? { pem: options.hostKey, key: parse(options.hostKey) } : newKey();
    const faults: Faults = { ...options };
    const sockets = new Set<Socket>();
    const logins = { count: 0, users: [] as string[] };
    const path = commands(directory, options);
    const ssh = new ssh2.Server({ hostKeys: [host.pem] }, (connection) => {
      serve(connection, {
        allowed: client.key,
        options,
        faults,
        path,
        drop: () => sockets.forEach((socket) => socket.resetAndDestroy()),
        onLogin: (user) => (logins.count = logins.users.push(user)),
      });
    });
    const tcp = createServer((socket) => {
      if ((faults.refuseConnections ?? 0) > 0) {
        faults.refuseConnections = (faults.refuseConnections as number) - 1;
        socket.destroy();
        return;
      }
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => undefined);
      ssh.injectSocket(socket);
    });
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
    const server = new SshServer(tcp, sockets, {
      directory,
      faults,
      keyFile,
      knownHosts: join(directory, 'known_hosts'),
      hostKey: host.key,
    });
    Object.defineProperty(server, 'logins', { get: () => logins.count });
    Object.defineProperty(server, 'users', { get: () => logins.users });
    return server;
  }

  /** How to log in to it. */
  target(more: Partial<Target> = {}): Target {
    return {
      name: 'test',
      connection: 'ssh',
      host: '127.0.0.1',
      port: this.port,
      user: 'tester',
      privateKeyFile: this.keyFile,
      knownHostsFile: this.knownHosts,
      hostKeys: 'strict',
      connectTimeout: 10_000,
      ...more,
    };
  }

  knownHostsLine(): string {
    return `[127.0.0.1]:${this.port} ${this.hostKey.type} ${this.hostKey.getPublicSSH().toString('base64')}\n`;
  }

  /** Resets every connection, as a power cut does. */
  drop(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Reads nothing any more and answers nothing, while connections stay open; what runs may still print. */
  freeze(): void {
    for (const socket of this.#sockets) socket.pause().removeAllListeners('data');
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#tcp.close(resolve));
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** A new ed25519 key, as OpenSSH would have made it; ECDSA in PEM, which node can write. */
export function newKey(): { pem: string; key: ParsedKey } {
  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'sec1', format: 'pem' })
    .toString();
  return { pem, key: parse(pem) };
}

function parse(pem: string): ParsedKey {
  const key = ssh2.utils.parseKey(pem);
  if (key instanceof Error) throw key;
  return key;
}

/** A PATH on which `sh` is the wanted one. */
function commands(directory: string, { sh, onlyCommands }: ServerOptions): string {
  if (sh) symlinkSync(realpathSync(sh), join(directory, 'sh')); // throws where it is not here: the next one in PATH is another
  for (const name of onlyCommands ?? []) symlinkSync(`/usr/bin/${name}`, join(directory, name));
  if (!sh && onlyCommands) symlinkSync('/bin/sh', join(directory, 'sh'));
  return onlyCommands ? directory : `${directory}:${process.env.PATH}`;
}

interface Service {
  allowed: ParsedKey;
  options: ServerOptions;
  faults: Faults;
  path: string;
  onLogin: (user: string) => void;
  drop: () => void;
}

function serve(connection: Connection, service: Service): void {
  const { allowed, options, faults, onLogin } = service;
  const open = { sessions: 0 };
  let user = '';
  connection.on('error', () => undefined);
  connection.on('authentication', (context) => {
    user = context.username;
    const decide = (): void => {
      const methods: ('publickey' | 'password' | 'keyboard-interactive')[] = ['publickey'];
      if (options.password !== undefined) methods.push(faults.keyboardOnly ? 'keyboard-interactive' : 'password');
      if (context.method === 'publickey' && context.key.data.equals(allowed.getPublicSSH())) {
        if (!context.signature || allowed.verify(context.blob as Buffer, context.signature, context.hashAlgo) === true)
          return context.accept();
      }
      if (context.method === 'password' && methods.includes('password') && context.password === options.password)
        return context.accept();
      if (context.method === 'keyboard-interactive' && methods.includes('keyboard-interactive')) {
        context.prompt([{ prompt: 'Token: ', echo: false }], (answers) => {
          if (answers[0] === options.password) context.accept();
          else context.reject(methods);
        });
        return;
      }
      context.reject(methods);
    };
    setTimeout(decide, faults.slowAuth ?? 0);
  });
  connection.on('ready', () => {
    onLogin(user);
    connection.on('session', (accept, reject) => {
      if (open.sessions >= (faults.maxSessions ?? Infinity)) return reject();
      open.sessions += 1;
      const session = accept();
      session.on('close', () => (open.sessions -= 1));
      handle(session, service);
    });
    connection.on('tcpip', (accept, _reject, info) => {
      if (faults.deafForwards) return;
      const stream = accept();
      void import('node:net').then(({ connect }) => {
        const socket = connect(info.destPort, info.destIP);
        stream.pipe(socket).pipe(stream);
        socket.on('error', () => stream.close());
        stream.on('error', () => socket.destroy());
        stream.on('close', () => socket.destroy());
      });
    });
  });
}

function handle(session: Session, service: Service): void {
  const { faults } = service;
  session.on('exec', (accept, _reject, info) => {
    const channel = accept();
    const command = faults.forceCommand ?? info.command.replaceAll('/bin/sh', 'sh');
    if (faults.noise?.stdout) channel.write(faults.noise.stdout);
    if (faults.noise?.stderr) channel.stderr.write(faults.noise.stderr);
    runCommand(channel, command, service);
  });
}

function runCommand(channel: ServerChannel, command: string, { faults, path, drop }: Service): void {
  const child = spawn('/bin/sh', ['-c', command], {
    detached: true,
    env: { ...process.env, PATH: path },
    cwd: tmpdir(),
  });
  child.stdin.on('error', () => undefined);
  channel.on('error', () => undefined);
  channel.pipe(child.stdin);
  // One write at a time: ssh2 wakes only one of two streams that wait for the same window.
  let turn: Promise<void> = Promise.resolve();
  const relay = (from: Readable, to: Writable): void => {
    from.on('data', (chunk: Buffer) => {
      if (faults.dropAfter !== undefined && (faults.dropAfter -= chunk.length) <= 0) {
        faults.dropAfter = undefined;
        return drop();
      }
      from.pause();
      turn = passOn(turn, chunk, to, from);
    });
  };
  relay(child.stdout, channel);
  relay(child.stderr, channel.stderr);
  channel.on('close', () => {
    child.stdin.destroy();
    child.stdout.destroy();
    child.stderr.destroy();
  });
  let status: [number | null, NodeJS.Signals | null] = [null, null];
  child.on('exit', (code, signal) => {
    status = [code, signal];
  });
  child.on('close', async () => {
    await turn;
    if (status[0] === null) channel.exit((status[1] ?? 'SIGTERM').slice(3));
    else channel.exit(status[0]);
    channel.end();
    channel.close();
  });
}

/** Writes a chunk when its turn has come, and lets its source go on when it is written. */
async function passOn(turn: Promise<void>, chunk: Buffer, to: Writable, from: Readable): Promise<void> {
  await turn;
  await new Promise<void>((done) => {
    to.write(chunk, () => done());
  });
  from.resume();
}
