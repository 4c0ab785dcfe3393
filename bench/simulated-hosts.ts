import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import ssh2 from 'ssh2';
import type { ServerChannel } from 'ssh2';

/** What a host said to a request, in the request's own markers. */
interface Answer {
  stdout: string;
  stderr: string;
}

/** An SSH server whose hosts all answer what one real sh has answered before. */
export interface SimulatedHosts {
  port: number;
  /** `type base64` of the host key. */
  hostKey: string;
  /** Requests answered from the table, and by the real sh. */
  readonly answered: { fromTable: number; bySh: number };
  forget(): void;
  close(): void;
}

/** Markers of runner/connection/shell: 32 hex digits that never come again. A request is the same whatever they are. */
const MARKER = /(?<![0-9a-f])[0-9a-f]{32}/g;
/** How a request ends: its last errors are marked, and a shell that could be stopped waits for a `.`. */
const COMPLETE = /(>&6|wait;\})\n$/;
/** What marks the end of the errors; a shell that starts says it before it has its descriptor 6. */
const LAST_MARK = /echo (\w+) >&[26](?![\s\S]*>&6)/;

/** Starts it on the loopback; who has `key` may log in. */
export async function simulateHosts(hostKey: string, key: string): Promise<SimulatedHosts> {
  const allowed = parse(key);
  const own = parse(hostKey);
  /** Of a request with numbers for its markers, the answer with the same numbers. */
  const table = new Map<string, Promise<Answer>>();
  const answered = { fromTable: 0, bySh: 0 };
  const teacher = new Teacher();
  let turn: Promise<unknown> = Promise.resolve();

  const learn = (request: string, markers: readonly string[]): Promise<Answer> => {
    const asked = turn.then(() => teacher.ask(request));
    turn = asked;
    return asked.then((said) =>
      each(said, (text) =>
        text.replaceAll(MARKER, (marker) => (markers.includes(marker) ? `<${markers.indexOf(marker)}>` : marker)),
      ),
    );
  };
  const answer = async (request: string): Promise<Answer> => {
    const markers = [...new Set(request.match(MARKER) ?? [])];
    const general = request.replaceAll(MARKER, (marker) => `<${markers.indexOf(marker)}>`);
    if (table.has(general)) answered.fromTable++;
    else {
      answered.bySh++;
      table.set(general, learn(request, markers));
    }
    return each((await table.get(general))!, (text) =>
      text.replaceAll(/<(\d+)>/g, (all, i: string) => markers[Number(i)] ?? all),
    );
  };

  const server = new ssh2.Server({ hostKeys: [hostKey] }, (connection) => {
    connection.on('error', () => undefined);
    connection.on('authentication', (context) => {
      const right = context.method === 'publickey' && context.key.data.equals(allowed.getPublicSSH());
      const signed =
        right &&
        (!context.signature || allowed.verify(context.blob as Buffer, context.signature, context.hashAlgo) === true);
      if (signed) context.accept();
      else context.reject(['publickey']);
    });
    connection.on('session', (accept) =>
      accept().on('exec', (start, _refuse, { command }) => converse(start(), command, answer)),
    );
  });
  const tcp = createServer((socket) => {
    socket.setNoDelay(true);
    server.injectSocket(socket);
  });
  await once(tcp.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (tcp.address() as AddressInfo).port,
    hostKey: `${own.type} ${own.getPublicSSH().toString('base64')}`,
    answered,
    forget() {
      table.clear();
      Object.assign(answered, { fromTable: 0, bySh: 0 });
    },
    close() {
      tcp.close();
      teacher.end();
    },
  };
}

function parse(pem: string) {
  const key = ssh2.utils.parseKey(pem);
  if (key instanceof Error) throw key;
  return key;
}

const each = ({ stdout, stderr }: Answer, change: (text: string) => string): Answer => ({
  stdout: change(stdout),
  stderr: change(stderr),
});

/** A shell that starts speaks first; from then on it is asked. */
function converse(channel: ServerChannel, command: string, answer: (request: string) => Promise<Answer>): void {
  let request = '';
  const say = async (asked: string) => {
    const { stdout, stderr } = await answer(asked);
    channel.write(stdout, 'latin1');
    channel.stderr.write(stderr, 'latin1');
  };
  channel.on('error', () => undefined);
  channel.on('data', (chunk: Buffer) => {
    request += chunk.toString('latin1');
    if (!COMPLETE.test(request)) return;
    // The `.` ends the wait of the request before, which here was over at once.
    const whole = request.replace(/^\.\n/, '');
    request = '';
    void say(whole);
  });
  void say(command);
}

/** A real sh that is asked where the table has nothing. */
class Teacher {
  #sh: ChildProcessWithoutNullStreams | undefined;

  async ask(request: string): Promise<Answer> {
    const starts = !COMPLETE.test(request);
    const sh = starts ? this.#start(request) : this.#sh!;
    const mark = LAST_MARK.exec(request)?.[1];
    if (!mark) throw new Error(`no request: ${request}`);
    const said: Answer = { stdout: '', stderr: '' };
    const ended = (text: string) => text.includes('\n', Math.max(0, text.indexOf(mark))) && text.includes(mark);
    const done = new Promise<Answer>((resolve) => {
      for (const stream of ['stdout', 'stderr'] as const) {
        sh[stream].removeAllListeners('data').on('data', (chunk: Buffer) => {
          said[stream] += chunk.toString('latin1');
          if (ended(said.stdout) && ended(said.stderr)) resolve(said);
        });
      }
    });
    if (!starts) sh.stdin.write(request, 'latin1');
    await done;
    // Not sooner: the sh would take it for part of its script.
    if (request.endsWith('wait;}\n')) sh.stdin.write('.\n');
    return done;
  }

  end(): void {
    this.#sh?.kill();
  }

  #start(command: string): ChildProcessWithoutNullStreams {
    this.end();
    return (this.#sh = spawn('/bin/sh', ['-c', command]));
  }
}
