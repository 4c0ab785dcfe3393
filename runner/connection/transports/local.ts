import { spawn } from 'node:child_process';
import { XrunError } from '../../diagnostics/errors.ts';
import type { Channel, ChannelEnd, Connection, Transport } from '../../model/transport/transport.ts';

/** The controller itself: commands run by /bin/sh, each in a session of its own. */
export class LocalTransport implements Transport {
  connect(): Promise<Connection> {
    return Promise.resolve(new LocalConnection());
  }
}

class LocalConnection implements Connection {
  readonly remoteAddress = 'local';
  readonly lost: Promise<string>;
  #lose!: (why: string) => void;
  #channels = new Set<Channel>();

  constructor() {
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
  }

  async open(command: string): Promise<Channel> {
    const child = spawn('/bin/sh', ['-c', command], { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => reject(new XrunError('E_UNREACHABLE', `cannot start /bin/sh: ${error.message}`)));
    });
    const end = new Promise<ChannelEnd>((resolve) => {
      // Not `close`: a background process that keeps the pipes open must not keep the channel.
      child.once('exit', (code, signal) => {
        const how: ChannelEnd = code === null ? { kind: 'signal', signal: signal as string } : { kind: 'exit', code };
        setImmediate(() => resolve(how));
      });
    });
    const close = (): void => {
      child.stdin.destroy();
      child.stdout.destroy();
      child.stderr.destroy();
      this.#channels.delete(channel);
    };
    const channel: Channel = { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, end, close };
    this.#channels.add(channel);
    return channel;
  }

  close(): Promise<void> {
    for (const channel of this.#channels) channel.close();
    this.#lose('closed');
    return Promise.resolve();
  }
}
