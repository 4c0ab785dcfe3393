import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fuzzInput, numbersFrom } from './inputs.ts';
import { outcome, prepare } from './outcome.ts';

// Some in each run of the unit tests, more in `npm test`; `tsx test/fuzz/run.ts 1000000` for as many as wanted.
const inputs = Number(process.env.XRUN_FUZZ_INPUTS ?? 500);

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'fuzz-'));
  prepare(dir);
});
afterAll(() => rmSync(dir, { recursive: true }));

test('whatever loaders are given, they end with a value or a typed error that has its place', async () => {
  const random = numbersFrom(1);
  const codes = new Set<string>();
  for (let i = 0; i < inputs; i++) {
    const text = fuzzInput(random);
    const errors = await outcome(text, dir, true).catch((error: unknown) => {
      throw new Error(`input ${i}: ${JSON.stringify(text)}`, { cause: error });
    });
    for (const { code } of errors) codes.add(code);
  }
  expect([...codes].sort()).toEqual(
    expect.arrayContaining([
      'E_ARGUMENT',
      'E_DUPLICATE_KEY',
      'E_KEYWORD',
      'E_MODULE',
      'E_TEMPLATE',
      'E_TYPE',
      'E_YAML',
    ]),
  );
});
