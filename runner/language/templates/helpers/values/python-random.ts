import { createHash, randomInt } from 'node:crypto';

/** Whole numbers by chance. */
export interface Chance {
  /** From 0 up to, but without, a bound. */
  below(bound: number): number;
  shuffle<T>(items: readonly T[]): T[];
}

/** Python's `random.Random(seed)`: the same seed gives what Ansible gives; without a seed real chance. */
export function pythonRandom(seed: unknown): Chance {
  if (seed === undefined || seed === null) return withShuffle((bound) => randomInt(bound));
  const next = twister(keyOf(seed));
  return withShuffle((bound) => {
    const bits = bound.toString(2).length;
    let found: number;
    do found = next() >>> (32 - bits);
    while (found >= bound);
    return found;
  });
}

function withShuffle(below: (bound: number) => number): Chance {
  return {
    below,
    shuffle(items) {
      const all = [...items];
      for (let i = all.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [all[i], all[j]] = [all[j]!, all[i]!];
      }
      return all;
    },
  };
}

/** The seed as 32-bit words, least first: of a number itself, of text its bytes and their SHA-512. */
function keyOf(seed: unknown): number[] {
  let value = typeof seed === 'number' ? BigInt(Math.abs(Math.trunc(seed))) : textKey(String(seed));
  const words: number[] = [];
  do {
    words.push(Number(value & 0xffffffffn));
    value >>= 32n;
  } while (value > 0n);
  return words;
}

function textKey(seed: string): bigint {
  const bytes = Buffer.concat([Buffer.from(seed), createHash('sha512').update(seed).digest()]);
  return BigInt(`0x${bytes.toString('hex')}`);
}

/** MT19937 by Matsumoto and Nishimura, begun by `init_by_array` as in CPython's _randommodule.c. */
function twister(key: number[]): () => number {
  const [n, m] = [624, 397];
  const state = new Uint32Array(n);
  state[0] = 19_650_218;
  for (let i = 1; i < n; i++) state[i] = mixed(state[i - 1]!, 1_812_433_253) + i;
  let [i, j] = [1, 0];
  const step = () => {
    if (++i < n) return;
    state[0] = state[n - 1]!;
    i = 1;
  };
  for (let k = Math.max(n, key.length); k > 0; k--) {
    state[i] = (state[i]! ^ mixed(state[i - 1]!, 1_664_525)) + key[j]! + j;
    step();
    if (++j >= key.length) j = 0;
  }
  for (let k = n - 1; k > 0; k--) {
    state[i] = (state[i]! ^ mixed(state[i - 1]!, 1_566_083_941)) - i;
    step();
  }
  state[0] = 0x80000000;
  let at = n;
  return () => {
    if (at === n) at = renew(state, n, m);
    let y = state[at++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
}

function mixed(word: number, factor: number): number {
  return Math.imul(word ^ (word >>> 30), factor) >>> 0;
}

function renew(state: Uint32Array, n: number, m: number): number {
  for (let k = 0; k < n; k++) {
    const y = (state[k]! & 0x80000000) | (state[(k + 1) % n]! & 0x7fffffff);
    state[k] = state[(k + m) % n]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
  }
  return 0;
}
