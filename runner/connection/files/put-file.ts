import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { XrunError } from '../../diagnostics/errors.ts';
import type { RunScripts } from '../shell/extras.ts';
import type { Outcome, PutFile } from '../../model/transport/host-shell.ts';
import type { LocalFile } from '../../model/local-file.ts';
import { isPlainText } from '../shell/frame.ts';
import { putScript } from './put-script.ts';
import type { Placing } from './put-script.ts';
import { readBlocks } from './read-blocks.ts';
import { withStdin } from '../../model/script.ts';

/** Bytes: larger content is streamed, which takes one more round trip; smaller goes with the script. */
export const INLINE = 32 * 1024;

/**
 * Places a file: a new file beside the target gets the content, owner and mode, is checked and flushed, and is renamed
 * over the target. A symbolic link at the target is replaced, as Ansible's copy does; what it points to is not touched.
 * The file is never seen half-written, and a failure leaves the old one. Content of any size goes through the one channel
 * there is, as the user it is placed as. Rejects with E_LOCAL_FILE.
 */
export async function putFile(file: PutFile, run: RunScripts, onSent?: (bytes: number) => void): Promise<Outcome> {
  const { content } = file;
  const [sha256, size] = Buffer.isBuffer(content)
    ? [sha256Of(content), content.length]
    : [content.sha256, content.size];
  const script = (comes: Placing['comes']) => putScript({ file, sha256, size, comes });
  if (size > INLINE)
    return first(
      run([script('stream')], { feed: counted(Buffer.isBuffer(content) ? [content] : blocks(content), onSent) }),
    );
  const whole = Buffer.isBuffer(content) ? content : await readLocal(content);
  return first(run([withStdin(script(isPlainText(whole) ? 'text' : 'bytes'), whole)], {}));
}

function sha256Of(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

async function first(outcomes: Promise<Outcome[]>): Promise<Outcome> {
  return (await outcomes)[0] as Outcome;
}

/** Reports each block when the next one is asked for: then it has been sent. */
async function* counted(
  data: Iterable<Buffer> | AsyncIterable<Buffer>,
  onSent: ((bytes: number) => void) | undefined,
): AsyncGenerator<Buffer> {
  let sent = 0;
  for await (const block of data) {
    yield block;
    onSent?.((sent += block.length));
  }
}

/** As many bytes as were promised: what a file has grown by meanwhile would be taken for commands, and the host waits for what is missing. */
async function* blocks(file: LocalFile): AsyncGenerator<Buffer> {
  let left = file.size;
  try {
    for await (const block of readBlocks(file.path, left)) {
      yield block;
      left -= block.length;
    }
  } catch (error) {
    throw unreadable(file, error);
  }
  if (left > 0) throw unreadable(file, new Error(`it became ${left} bytes shorter meanwhile`));
}

async function readLocal(file: LocalFile): Promise<Buffer> {
  const content = await readFile(file.path).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  if (sha256Of(content) !== file.sha256) throw unreadable(file, new Error('it changed meanwhile'));
  return content;
}

function unreadable(file: LocalFile, error: unknown): XrunError {
  return new XrunError('E_LOCAL_FILE', `cannot read ${file.path}: ${(error as Error).message}`, { cause: error });
}
