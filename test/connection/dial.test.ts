import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dial } from '../../runner/connection/transports/ssh/dial.ts';

let server: Server;
let port: number;
let socket: Socket | undefined;

beforeEach(async () => {
  server = createServer();
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', () => listening());
  });
  port = (server.address() as AddressInfo).port;
});

afterEach(() => {
  socket?.destroy();
  server.close();
});

test('giving up after the connection is there leaves it alone', async () => {
  const giveUp = new AbortController();
  socket = await dial('127.0.0.1', port, 5000, giveUp.signal);
  giveUp.abort();
  expect(socket.destroyed).toBe(false);
});

test('giving up before ends the attempt', async () => {
  const giveUp = new AbortController();
  const dialing = dial('127.0.0.1', port, 5000, giveUp.signal);
  giveUp.abort();
  await expect(dialing).rejects.toMatchObject({ code: 'E_UNREACHABLE' });
});

test('nothing is dialled when it was given up already', async () => {
  await expect(dial('127.0.0.1', port, 5000, AbortSignal.abort())).rejects.toMatchObject({ code: 'E_UNREACHABLE' });
});
