import { randomBytes } from 'node:crypto';
import { XrunError } from '../errors.ts';
import type { Channel, ChannelEnd } from '../transport/transport.ts';
import { becomeError } from './become-error.ts';
import type { Become } from './host-shell.ts';
import { PersistentShell } from './persistent-shell.ts';

/** Opens a channel; see {@link Connection.open}. */
export type OpenChannel = (command: string, options?: { pty?: boolean }) => Promise<Channel>;

/** Milliseconds that becoming another user may take; directories of users can be slow. */
export const BECOME_DEADLINE = 30_000;
/** Names of users as useradd takes them; nothing that a login shell could read otherwise. */
const USER = /^[A-Za-z0-9_][A-Za-z0-9_.@-]*\$?$/;

/**
 * A persistent shell of another user. Rejects with E_BECOME when that is refused: no right to, no password, a wrong
 * one. The password is written when it is asked for, and only until the new shell has answered, so that no output of
 * a script can ask for it.
 */
export async function becomeShell(open: OpenChannel, become: Become): Promise<PersistentShell> {
  if (!USER.test(become.user)) throw new XrunError('E_BECOME', `${JSON.stringify(become.user)} is not a user name`);
  const nonce = randomBytes(12).toString('hex');
  const channel = await open(command(become, nonce));
  try {
    await negotiate(channel, become, nonce);
    return await PersistentShell.start(channel);
  } catch (error) {
    channel.close();
    throw error;
  }
}

function command({ method, user, password }: Become, nonce: string): string {
  const shell = `/bin/sh -c 'echo ${nonce}ready;exec /bin/sh'`;
  if (method === 'su') return `exec su -s /bin/sh -c 'echo ${nonce}ready;exec /bin/sh' ${user}`;
  if (method === 'doas') return `exec doas -n -u ${user} ${shell}`;
  return `exec sudo -H ${password === undefined ? '-n' : `-S -p ${nonce}ask`} -u ${user} -- ${shell}`;
}

/** su has no prompt of ours: any line that ends in a colon and waits, in whatever language. */
function asks(method: Become['method'], nonce: string, text: string): boolean {
  return method === 'sudo' ? text.includes(`${nonce}ask`) : /[^\n:]: ?$/.test(text);
}

async function negotiate(channel: Channel, become: Become, nonce: string): Promise<void> {
  const { method, password } = become;
  let errors = '';
  let output = '';
  let sent = false;
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (end?: ChannelEnd, hint?: 'wanted' | 'wrong'): void => {
        reject(becomeError(become, errors.replaceAll(`${nonce}ask`, ''), end, hint));
      };
      const look = (): void => {
        if (output.includes(`${nonce}ready\n`)) return resolve();
        if (!asks(method, nonce, errors)) return;
        if (password === undefined) return fail(undefined, 'wanted');
        if (sent) return fail(undefined, 'wrong');
        sent = true;
        errors = '';
        channel.stdin.write(`${password}\n`);
      };
      channel.stdin.on('error', () => undefined);
      channel.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString('latin1');
        look();
      });
      channel.stderr.on('data', (chunk: Buffer) => {
        errors += chunk.toString();
        look();
      });
      void channel.end.then((end) => fail(end));
      timer = setTimeout(() => fail(), BECOME_DEADLINE);
    });
  } finally {
    clearTimeout(timer);
    channel.stdout.removeAllListeners('data');
    channel.stderr.removeAllListeners('data');
  }
}
