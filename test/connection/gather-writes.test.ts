import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { gatherWrites } from '../../runner/connection/transports/ssh/gather-writes.ts';

it('lets what is written at one go leave at one go, in order, and the end with it', async () => {
  const left: string[] = [];
  const take = (chunks: { chunk: Buffer }[]) =>
    void left.push(Buffer.concat(chunks.map(({ chunk }) => chunk)).toString());
  const stream = gatherWrites(
    new Writable({
      write: (chunk: Buffer, _encoding, done) => (take([{ chunk }]), done()),
      writev: (chunks: { chunk: Buffer }[], done) => (take(chunks), done()),
    }),
  );
  for (const part of ['length ', 'payload ', 'tag']) stream.write(part);
  await new Promise(setImmediate);
  stream.write('more ');
  await new Promise<void>((done) => stream.end('last', done));
  expect(left).toEqual(['length payload tag', 'more last']);
});
