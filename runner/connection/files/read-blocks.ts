import { open } from 'node:fs/promises';

/** Bytes read from the disk at once. */
const BLOCK = 256 * 1024;

/**
 * The first `limit` bytes of a file of the controller, block by block. All blocks are in the same memory: one is valid until
 * the next is asked for. Memory of its own for each costs more than reading and hashing it.
 */
export async function* readBlocks(path: string, limit = Infinity): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    const memory = Buffer.allocUnsafeSlow(Math.min(BLOCK, Math.max(1, limit)));
    for (let left = limit; left > 0;) {
      const { bytesRead } = await file.read(memory, 0, Math.min(memory.length, left));
      if (bytesRead === 0) return;
      yield memory.subarray(0, bytesRead);
      left -= bytesRead;
    }
  } finally {
    await file.close();
  }
}
