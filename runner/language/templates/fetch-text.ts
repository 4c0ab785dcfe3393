import { MessageChannel, Worker, receiveMessageOnPort } from 'node:worker_threads';
import { BadArgument } from './helpers/helper.ts';
import type { Fetching } from './helpers/helper.ts';

/** Milliseconds that the worker may need beside the answer itself. */
const grace = 5000;

/** Templates are rendered without waiting, so that a thread of its own waits for the answer. */
const script = `
const { port, signal, address, headers, timeout } = require('node:worker_threads').workerData;
const read = async () => {
  const answer = await fetch(address, { headers, signal: AbortSignal.timeout(timeout) });
  return answer.ok ? { text: await answer.text() } : { problem: 'the server answers ' + answer.status };
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
 * @throws BadArgument where there is no such answer
 */
export function fetchText(address: string, { headers, timeout }: Fetching): string {
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const { port1, port2 } = new MessageChannel();
  const workerData = { port: port2, signal, address, headers, timeout: timeout * 1000 };
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
