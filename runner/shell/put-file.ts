import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { XrunError } from '../errors.ts';
import type { RunScripts } from './host.ts';
import type { Outcome, PutFile } from './host-shell.ts';
import type { LocalFile } from './local-file.ts';
import { checkScript, createScript, placeScript, removeScript, smallScript } from './put-script.ts';
import type { Placing } from './put-script.ts';
import { raw, withStdin } from './script.ts';

/** Bytes: larger content travels in pieces of this size, or by SFTP. */
const PIECE = 1024 * 1024;

/** What placing a file needs of its host. */
export interface PutHost {
  run: RunScripts;
  /** Writes a local file over one on the host, as the user that logged in; rejects where that cannot be done. */
  upload?: (local: string, remote: string) => Promise<void>;
}

/**
 * Places a file: a new file beside the target gets the content, owner and mode, is checked and flushed, and is renamed
 * over the target. A symbolic link at the target is replaced, as Ansible's copy does; what it points to is not touched.
 * Nobody ever sees half a file, and a failure leaves the old one.
 */
export async function putFile(file: PutFile, host: PutHost): Promise<Outcome> {
  const { content } = file;
  const name = `.xrun-${randomBytes(8).toString('hex')}`;
  const temporary = posix.join(posix.dirname(file.path), name);
  const sha256 = Buffer.isBuffer(content) ? createHash('sha256').update(content).digest('hex') : content.sha256;
  const placing = { file, temporary, sha256 };
  const size = Buffer.isBuffer(content) ? content.length : content.size;
  if (size > PIECE) return putLarge(placing, host);
  const bytes = Buffer.isBuffer(content) ? content : await readLocal(content);
  return one(host.run, withStdin(smallScript(placing), bytes));
}

async function putLarge(placing: Placing, host: PutHost): Promise<Outcome> {
  const created = await one(host.run, createScript(placing));
  if (failed(created)) return created;
  const sent = await send(placing, host);
  if (!failed(sent)) return one(host.run, placeScript(placing));
  if (sent.reason !== 'lost') await one(host.run, removeScript(placing));
  return sent;
}

async function send({ file, temporary, sha256 }: Placing, host: PutHost): Promise<Outcome> {
  const { content } = file;
  if (host.upload && !Buffer.isBuffer(content)) {
    const uploaded = await host.upload(content.path, temporary).then(() => true, () => false);
    if (uploaded) {
      const checked = await one(host.run, checkScript({ file, temporary, sha256 }));
      if (!failed(checked)) return checked;
    }
  }
  let last: Outcome = { reason: 'exit', rc: 0, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  let mode = '>';
  for await (const piece of pieces(content)) {
    last = await one(host.run, withStdin(raw(`cat ${mode}'${temporary.replaceAll("'", `'\\''`)}'`), piece));
    if (failed(last)) return last;
    mode = '>>';
  }
  return last;
}

async function* pieces(content: Buffer | LocalFile): AsyncGenerator<Buffer> {
  if (Buffer.isBuffer(content)) {
    for (let at = 0; at < content.length; at += PIECE) yield content.subarray(at, at + PIECE);
    return;
  }
  try {
    yield* createReadStream(content.path, { highWaterMark: PIECE }) as AsyncIterable<Buffer>;
  } catch (error) {
    throw unreadable(content, error);
  }
}

async function readLocal(file: LocalFile): Promise<Buffer> {
  try {
    return await readFile(file.path);
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: LocalFile, error: unknown): XrunError {
  return new XrunError('E_LOCAL_FILE', `cannot read ${file.path}: ${(error as Error).message}`, { cause: error });
}

async function one(run: RunScripts, script: ReturnType<typeof raw>): Promise<Outcome> {
  return (await run([script], {}))[0] as Outcome;
}

function failed(outcome: Outcome): boolean {
  return outcome.reason !== 'exit' || outcome.rc !== 0;
}
