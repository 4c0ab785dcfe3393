import { MessageChannel, Worker, receiveMessageOnPort } from 'node:worker_threads';
import { BadArgument } from './helpers/helper.ts';
import type { Fetching } from './helpers/helper.ts';

/** Milliseconds that the worker may need beside the answer itself. */
const grace = 5000;

/** Bytes of an answer; a longer one is an error, so that no server fills the controller's memory. */
const MOST = 16 * 1024 * 1024;

/** Templates are rendered without waiting, so that a thread of its own waits for the answer. */
const script = `
const { port, signal, address, headers, timeout, most } = require('node:worker_threads').workerData;
const read = async () => {
  const answer = await fetch(address, { headers, signal: AbortSignal.timeout(timeout) });
  if (!answer.ok) return { problem: 'the server answers ' + answer.status };
  const pieces = [];
  let size = 0;
  for await (const piece of answer.body ?? []) {
    size += piece.length;
    if (size > most) return { problem: 'the answer is longer than ' + most / 1048576 + ' MiB' };
    pieces.push(piece);
  }
  return { text: new TextDecoder().decode(Buffer.concat(pieces)) };
};
read()
  .catch((error) => ({ problem: error.cause?.message || error.message }))
  .then((answer) => {
    port.postMessage(answer);
    Atomics.store(signal, 0, 1);
    Atomics.notify(signal, 0);
  });
`;

/**
 * What the controller gets from an address, as text. Nothing else happens until the answer is there.
 *
 * @throws BadArgument where the server does not answer with a text
 */
export function fetchText(given: string, { headers: named, timeout }: Fetching): string {
  const { address, headers } = withoutLogin(given, named);
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const { port1, port2 } = new MessageChannel();
  const workerData = { port: port2, signal, address, headers, timeout: timeout * 1000, most: MOST };
  const worker = new Worker(script, { eval: true, workerData, transferList: [port2] });
  Atomics.wait(signal, 0, 0, timeout * 1000 + grace);
  const { message = { problem: 'no answer' } } = (receiveMessageOnPort(port1) ?? {}) as {
    message?: { text: string } | { problem: string };
  };
  port1.close();
  void worker.terminate();
  if ('problem' in message) throw new BadArgument(`cannot get ${address}: ${message.problem}`);
  return message.text;
}

/** User and password of an address go into a header: no message shows them, and no other server gets them. */
function withoutLogin(given: string, headers: Fetching['headers']): Pick<Fetching, 'headers'> & { address: string } {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url?.username && !url?.password) return { address: given, headers };
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  const Authorization = `Basic ${Buffer.from(login).toString('base64')}`;
  return { address: url.href, headers: { Authorization, ...headers } };
}
