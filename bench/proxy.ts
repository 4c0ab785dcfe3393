import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

/** From where to where, both on the same port. */
interface Way {
  from: string;
  to: string;
}

/**
 * Proxies that hold back every byte, and every end, for `delay` milliseconds in each direction. What the kernel answers
 * itself, the TCP handshake, stays near: the same for all that are compared. Returns what closes them.
 */
export async function startProxies(ways: readonly Way[], port: number, delay: number): Promise<() => void> {
  const open = new Set<Socket>();
  const servers = await Promise.all(
    ways.map(async ({ from, to }) => {
      const server = createServer({ allowHalfOpen: true }, (near) => {
        const far = connect({ port, host: to, allowHalfOpen: true });
        for (const socket of [near, far]) {
          socket.setNoDelay(true);
          open.add(socket);
          socket.on('close', () => open.delete(socket));
        }
        relay(near, far, delay);
        relay(far, near, delay);
      });
      await new Promise<void>((resolve, reject) => server.on('error', reject).listen(port, from, resolve));
      return server;
    }),
  );
  return () => {
    for (const server of servers) server.close();
    for (const socket of open) socket.destroy();
  };
}

/** Timers of one length fire in the order they were set, so the bytes keep theirs. */
function relay(from: Socket, to: Socket, delay: number): void {
  from.on('data', (chunk) => setTimeout(() => to.writable && to.write(chunk), delay));
  from.on('end', () => setTimeout(() => to.end(), delay));
  from.on('error', () => to.destroy());
}
