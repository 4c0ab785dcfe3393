import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TaskContext } from '../../runner/engine/task/context.ts';
import { saveFile } from '../../runner/engine/action/save-file.ts';
import { XrunError } from '../../runner/diagnostics/errors.ts';

describe('a fetched file', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'xrun-save-'));
    writeFileSync(join(dir, 'kept'), 'old');
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const save = (to: string, bring: (into: (chunk: Buffer) => void) => Promise<void>, sha256?: string) =>
    saveFile(
      { play: { play: { dir } } } as TaskContext,
      { do: 'get', path: '/there', to, ...(sha256 && { sha256 }) },
      bring,
    );
  /** In memory that is used again, as it may be. */
  const pieces = async (into: (chunk: Buffer) => void) => {
    const memory = Buffer.alloc(2);
    for (const piece of ['ab', 'cd', 'e']) into(memory.subarray(0, memory.write(piece)));
  };
  const untouched = () => {
    expect(readFileSync(join(dir, 'kept'), 'utf8')).toBe('old');
    expect(readdirSync(dir)).toEqual(['kept']);
  };

  it('is put together from its pieces and takes the old one’s place', async () => {
    await save('new/file', pieces, createHash('sha256').update('abcde').digest('hex'));
    expect(readFileSync(join(dir, 'new/file'), 'utf8')).toBe('abcde');
    await save('kept', pieces);
    expect(readFileSync(join(dir, 'kept'), 'utf8')).toBe('abcde');
    expect(readdirSync(dir).toSorted()).toEqual(['kept', 'new']);
  });

  it('leaves the old one where it is another than was meant, or does not come to an end', async () => {
    await expect(save('kept', pieces, '0'.repeat(64))).rejects.toMatchObject({
      code: 'E_REMOTE_FILE',
      message: expect.stringContaining('changed while it was fetched'),
    });
    untouched();
    const lost = new XrunError('E_REMOTE_FILE', 'lost');
    await expect(save('kept', async (into) => (into(Buffer.from('half')), Promise.reject(lost)))).rejects.toBe(lost);
    untouched();
  });

  it('is given up where it has no end', async () => {
    let stopped = false;
    const endless = async (into: (chunk: Buffer) => void, signal?: AbortSignal) => {
      const memory = Buffer.alloc(1024 ** 2);
      for (let i = 0; i < 100 && !signal?.aborted; i++) into(memory);
      stopped = signal?.aborted ?? false;
    };
    const step = { do: 'get' as const, path: '/there', to: 'kept', size: 3 };
    await expect(saveFile({ play: { play: { dir } } } as TaskContext, step, endless)).rejects.toMatchObject({
      code: 'E_REMOTE_FILE',
      message: expect.stringContaining('has grown by more than 64 MiB'),
    });
    expect(stopped).toBe(true);
    untouched();
  });

  it('says where it cannot be written', async () => {
    await expect(save('kept/file', pieces)).rejects.toMatchObject({
      code: 'E_LOCAL_FILE',
      message: expect.stringContaining('kept/file'),
    });
    untouched();
  });
});
