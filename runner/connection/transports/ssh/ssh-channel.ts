import type { ClientChannel } from 'ssh2';
import type { Channel, ChannelEnd } from '../../../model/transport/transport.ts';

/** One command on one channel of an ssh2 connection. `lostWhy`: what to say when it ends without an exit status. */
export function sshChannel(channel: ClientChannel, lostWhy: () => string): Channel {
  let status: ChannelEnd | undefined;
  channel.on('exit', (code: number | null, signal?: string) => {
    if (code !== null) status = { kind: 'exit', code };
    else if (signal) status = { kind: 'signal', signal };
  });
  // Resets come here too when the socket goes; the connection's own listener reports the reason.
  channel.on('error', () => undefined);
  const end = new Promise<ChannelEnd>((resolve) => {
    channel.on('close', () => resolve(status ?? { kind: 'lost', message: lostWhy() }));
  });
  return { stdin: channel.stdin, stdout: channel.stdout, stderr: channel.stderr, end, close: () => channel.close() };
}
