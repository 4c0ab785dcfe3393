import { XrunError } from '../../diagnostics/errors.ts';
import { SILENCE } from '../transports/ssh/login.ts';
import type { Channel, ChannelEnd } from '../../model/transport/transport.ts';
import { becomeError } from './become-error.ts';
import { shellScript } from '../shell/frame.ts';
import type { Become } from '../../model/transport/host-shell.ts';
import { nonce } from '../shell/nonce.ts';
import { PersistentShell } from '../shell/persistent-shell.ts';
import type { Heard } from '../shell/persistent-shell.ts';

/** Opens a channel; see {@link Connection.open}. */
export type OpenChannel = (command: string, options?: { pty?: boolean }) => Promise<Channel>;

/**
 * Milliseconds that becoming another user may take; directories of users can be slow. A host that has fallen silent is
 * noticed before, and reported as one that is lost.
 */
export const BECOME_DEADLINE = SILENCE + 5_000;
/** Bytes that are looked through for the question and the answer, again with each piece that comes. */
const SAID_MOST = 256 * 1024;
/** Names of users as useradd takes them; nothing that a login shell could read otherwise. */
const USER = /^[A-Za-z0-9_][A-Za-z0-9_.@-]*\$?$/;

/**
 * A persistent shell of another user. Rejects with E_BECOME when that is refused: no right to, no password, a wrong
 * one. The password is written when it is asked for, and only until the new shell has answered, so that no output of
 * a script can ask for it.
 */
export async function becomeShell(open: OpenChannel, become: Become): Promise<PersistentShell> {
  if (!USER.test(become.user)) throw new XrunError('E_BECOME', `${JSON.stringify(become.user)} is not a user name`);
  const words = { ask: nonce(), marker: nonce() };
  const channel = await open(command(become, words));
  try {
    return await PersistentShell.start(channel, words.marker, await negotiate(channel, become, words), WAKE_PARENT);
  } catch (error) {
    channel.close();
    throw error;
  }
}

/**
 * sudo stops itself when it hears that its child was stopped, even where that has been continued since: then nothing would
 * ever reap the two. To continue who runs does no harm.
 */
const WAKE_PARENT = 'kill -CONT "$PPID"';

/** Unguessable: what sudo asks for the password with, and what the new shell says first. */
interface Words {
  ask: string;
  marker: string;
}

function command({ method, user, password }: Become, { ask, marker }: Words): string {
  const script = shellScript(marker);
  if (method === 'su') return `exec su -s /bin/sh -c ${script} ${user}`;
  const shell = `/bin/sh -c ${script}`;
  if (method === 'doas') return `exec doas -n -u ${user} ${shell}`;
  return `exec sudo -H ${password === undefined ? '-n' : `-S -p ${ask}`} -u ${user} -- ${shell}`;
}

/** su has no prompt of ours: any line that ends in a colon and waits, in whatever language. */
function asks(method: Become['method'], ask: string, text: string): boolean {
  return method === 'sudo' ? text.includes(ask) : /[^\n:]: ?$/.test(text);
}

/** Gives the password where it is asked for, until the new shell speaks. Returns what came from the channel. */
async function negotiate(channel: Channel, become: Become, { ask, marker }: Words): Promise<Heard> {
  const { method, password } = become;
  const heard: Heard = { stdout: [], stderr: [] };
  let answered = 0;
  let size = 0;
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const errors = () => Buffer.concat(heard.stderr).toString();
      const fail = (end?: ChannelEnd, hint?: 'wanted' | 'wrong'): void => {
        reject(becomeError(become, errors().slice(answered).replaceAll(ask, ''), end, hint));
      };
      const look = (): void => {
        if (size > SAID_MOST) return fail();
        if (Buffer.concat(heard.stdout).includes(marker)) return resolve();
        if (!asks(method, ask, errors().slice(answered))) return;
        if (password === undefined) return fail(undefined, 'wanted');
        if (answered > 0) return fail(undefined, 'wrong');
        answered = errors().length;
        channel.stdin.write(`${password}\n`);
      };
      channel.stdin.on('error', () => undefined);
      for (const stream of ['stdout', 'stderr'] as const) {
        channel[stream].on('data', (chunk: Buffer) => {
          heard[stream].push(chunk);
          size += chunk.length;
          look();
        });
      }
      void channel.end.then((end) => fail(end));
      timer = setTimeout(() => fail(), BECOME_DEADLINE);
    });
    return heard;
  } finally {
    clearTimeout(timer);
    channel.stdout.removeAllListeners('data');
    channel.stderr.removeAllListeners('data');
  }
}
