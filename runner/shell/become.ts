import type { Channel } from '../transport/transport.ts';
import { XrunError } from '../errors.ts';
import type { Become } from './host-shell.ts';
import { PersistentShell } from './persistent-shell.ts';

/** Opens a channel; see {@link Connection.open}. */
export type OpenChannel = (command: string, options?: { pty?: boolean }) => Promise<Channel>;

/** A persistent shell of another user. Rejects with E_BECOME when that is refused. */
export async function becomeShell(open: OpenChannel, become: Become): Promise<PersistentShell> {
  if (become.method !== 'sudo') throw new XrunError('E_BECOME', `become_method ${become.method} is not there yet`);
  return PersistentShell.start(await open(`exec sudo -n -u ${become.user} -- /bin/sh`));
}
