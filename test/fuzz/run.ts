// Fuzzes the loaders: tsx test/fuzz/run.ts [INPUTS] [SEED]. Every input is read as YAML, each tenth by every loader.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fuzzInput, numbersFrom } from './inputs.ts';
import { outcome, prepare } from './outcome.ts';

const count = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
const random = numbersFrom(seed);
const dir = mkdtempSync(join(tmpdir(), 'fuzz-'));
prepare(dir);
const codes: Record<string, number> = {};
let slowest = { ms: 0, text: '' };
let bugs = 0;
console.log(`seed ${seed}`);
for (let i = 0; i < count && bugs < 10; i++) {
  const text = fuzzInput(random);
  const began = performance.now();
  try {
    for (const { code } of await outcome(text, dir, i % 10 === 0)) codes[code] = (codes[code] ?? 0) + 1;
  } catch (error) {
    bugs++;
    console.log(`BUG at input ${i}: ${JSON.stringify(text)}\n`, error);
  }
  const ms = performance.now() - began;
  if (ms > slowest.ms) slowest = { ms, text };
  if (i % 100_000 === 99_999) console.log(`${i + 1} inputs, ${Math.round(process.memoryUsage().rss / 1e6)} MB`);
}
rmSync(dir, { recursive: true });
console.log(
  codes,
  `${bugs} bugs; the slowest took ${Math.round(slowest.ms)} ms: ${JSON.stringify(slowest.text.slice(0, 300))}`,
);
process.exitCode = bugs > 0 ? 1 : 0;
