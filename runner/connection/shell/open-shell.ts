import { XrunError } from '../../diagnostics/errors.ts';
import { transportFor } from '../transports.ts';
import type { Target, Transport } from '../../model/transport/transport.ts';
import { Host } from './host.ts';
import type { HostShell } from '../../model/transport/host-shell.ts';
import { Session } from './session.ts';

export interface OpenOptions {
  /** Gives up logging in. */
  signal?: AbortSignal;
  /** What the user should know though nothing failed: a host key that was recorded. */
  onWarning?: (message: string) => void;
  /** Instead of the one that `target.connection` names. */
  transport?: Transport;
}

/**
 * Logs in to a host and starts its shell. Rejects with XrunError: E_UNREACHABLE, E_HOST_KEY, E_AUTH, E_KEY_FILE.
 */
export async function openShell(target: Target, options: OpenOptions = {}): Promise<HostShell> {
  const transport = options.transport ?? (await transportFor(target, options.onWarning));
  const session = new Session(transport, target);
  try {
    await session.shell(undefined, options.signal);
  } catch (error) {
    await session.drop();
    throw error instanceof XrunError ? error : new XrunError('E_UNREACHABLE', String(error), { cause: error });
  }
  return new Host(session);
}
