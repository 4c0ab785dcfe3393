import { expect, it } from 'vitest';
import { TextLines } from '../../runner/modules/shared/lines.ts';
import ini_file from '../../runner/modules/files/ini_file.ts';
import type { FileState } from '../../runner/modules/path/file-state.ts';

/** More than a call takes arguments, and so many that quadratic work would not end. */
const MANY = 300_000;
const lines = (count: number, text: string) => `${text}\n`.repeat(count);

it('as many lines as there are can be put in, and taken out', () => {
  const split = new TextLines(`first\r\n${lines(3, 'last')}`);
  split.splice(
    1,
    1,
    Array.from({ length: MANY }, () => 'new'),
  );
  expect(split.toString()).toBe(`first\r\n${lines(MANY, 'new')}${lines(2, 'last')}`);
  split.drop((line) => line === 'new');
  expect(split.toString()).toBe(`first\r\n${lines(2, 'last')}`);
});

it('lines of blanks in an INI file are read in linear time', () => {
  const blanks = ' '.repeat(MANY);
  const content = `[a]\n${blanks}#\nkey = x${blanks}y\n`;
  const args = ini_file.args.parse({ path: '/etc/a.ini', section: 'a', option: 'key', value: 'z' });
  const state: FileState = { type: 'file', mode: '0644', owner: 'root', group: 'root', content, sha256: '0' };
  const decision = ini_file.decide(args, state, {
    check: false,
    host: 'h',
    controller: false,
    local: {},
    planned: () => undefined,
    claimed: () => undefined,
  });
  expect(decision).toMatchObject({
    kind: 'change',
    steps: [{ do: 'put', file: { content: Buffer.from(`[a]\n${blanks}#\nkey = z\n`) } }],
  });
});
