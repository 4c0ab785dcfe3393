import { addedTransport } from '../model/transport/added-transports.ts';
import type { Target, Transport } from '../model/transport/transport.ts';

/** The transport that a target asks for; loaded when first needed, since ssh takes a while to load. */
export async function transportFor(target: Target, onWarning?: (message: string) => void): Promise<Transport> {
  if (target.connection === 'local') return new (await import('./transports/local.ts')).LocalTransport();
  const own = addedTransport(target.connection);
  if (own) return own;
  return new (await import('./transports/ssh/ssh.ts')).SshTransport(onWarning ?? (() => undefined));
}
