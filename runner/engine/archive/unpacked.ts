import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import type { ArchiveFormat } from '../../shell/local-file.ts';

/** By what an archive begins with; a tar has its mark, if any, elsewhere. */
const MAGIC: [string, ArchiveFormat][] = [
  ['1f8b', 'gzip'],
  ['425a68', 'bzip2'],
  ['fd377a585a00', 'xz'],
  ['28b52ffd', 'zstd'],
  ['504b0304', 'zip'],
  ['504b0506', 'zip'],
];

/** What kind of archive a file is; anything unknown is taken for a tar. */
export async function formatOf(path: string): Promise<ArchiveFormat> {
  const file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(6), 0, 6, 0).finally(() => file.close());
  const begins = buffer.toString('hex');
  return MAGIC.find(([magic]) => begins.startsWith(magic))?.[1] ?? 'tar';
}

/** The content of a file that is compressed as a whole. What Node.js cannot read needs the program of that name. */
export async function* unpacked(path: string, format: Exclude<ArchiveFormat, 'zip'>): AsyncGenerator<Buffer> {
  const source = createReadStream(path);
  if (format === 'tar') return yield* source;
  if (format === 'gzip') {
    const gunzip = createGunzip();
    source.on('error', (error) => gunzip.destroy(error));
    return yield* source.pipe(gunzip) as AsyncIterable<Buffer>;
  }
  source.destroy();
  yield* byProgram(format, path);
}

async function* byProgram(program: string, path: string): AsyncGenerator<Buffer> {
  const child = spawn(program, ['-dc', '--', path], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close') as Promise<[number | null]>;
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  ended.catch(() => undefined);
  yield* child.stdout as AsyncIterable<Buffer>;
  const [code] = await ended.catch((error: unknown) => {
    throw new Error(`the controller needs the program ${program} to read it: ${(error as Error).message}`);
  });
  if (code !== 0) throw new Error(complaint.trim() || `${program} ended with ${code}`);
}
