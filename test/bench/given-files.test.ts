import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asVariables, givenFile } from '../../bench/given-files.ts';

const parse = givenFile(['weave_file', 'weave_images_file']);
let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'xrun-given-'));
  writeFileSync(join(directory, 'a=b'), 'abc');
});
afterAll(() => rmSync(directory, { recursive: true }));

test('a file is given by the variable of its playbook, and goes there with its checksum', () => {
  const file = join(directory, 'a=b');
  const given = parse(`weave_images_file=${relative(process.cwd(), file)}`, { weave_file: '/weave' });
  expect(given).toEqual({ weave_file: '/weave', weave_images_file: file });
  expect(asVariables(['weave_images_file'], given)).toEqual({
    weave_images_file: file,
    weave_images_checksum: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  });
});

test.each([
  ['flannel_file=/etc/passwd', 'with one of weave_file, weave_images_file'],
  ['/etc/passwd', 'It must be VARIABLE=FILE'],
  ['weave_file=/nowhere/weave', 'There is no file /nowhere/weave.'],
  ['weave_file=', 'There is no file'],
  ['weave_file=/', 'There is no file /.'],
])('%s is refused: %s', (text, why) => {
  expect(() => parse(text, {})).toThrow(why);
});
