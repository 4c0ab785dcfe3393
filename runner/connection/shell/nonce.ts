import { randomFillSync } from 'node:crypto';

const BYTES = 16;
/** Filled at once: asking the kernel costs far more than the bytes themselves. */
const pool = Buffer.alloc(BYTES * 256);
let at = pool.length;

/** 32 hex digits that cannot be guessed and never repeat. */
export function nonce(): string {
  if (at === pool.length) {
    randomFillSync(pool);
    at = 0;
  }
  at += BYTES;
  return pool.toString('hex', at - BYTES, at);
}
