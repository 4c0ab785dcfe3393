import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './packed.ts';

const notes = (version: string) =>
  spawnSync(process.execPath, [join(root, 'bin/release-notes.js'), version], { encoding: 'utf8' });
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

test('a tag of another version than that of the package is refused', () => {
  expect(notes('99.0.0')).toMatchObject({
    status: 1,
    stdout: '',
    stderr: `package.json has version ${version}, expected 99.0.0\n`,
  });
});

test('the notes are the section of the changelog; a version without one is refused', () => {
  const { status, stdout, stderr } = notes(version);
  const has = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').includes(`## [${version}]`);
  expect({ status, stderr }).toEqual(
    has ? { status: 0, stderr: '' } : { status: 1, stderr: `CHANGELOG.md has no section '## [${version}]'\n` },
  );
  expect(stdout !== '').toBe(has);
});
