import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { world } from './world.ts';

test('a new project runs at once on this machine, and a second run changes nothing', async () => {
  const { dir, xrun } = world();
  const made = await xrun(['init', 'my demo']);
  expect(made.stdout).toContain("  cd 'my demo'\n");
  const site = path.join('my demo', 'site.yml');
  expect(await xrun([site, '--check', '--detailed-exitcode'])).toMatchObject({ code: 3, stderr: '' });
  expect(await xrun([site, '--detailed-exitcode'])).toMatchObject({ code: 3, stderr: '' });
  expect(readFileSync(path.join(dir, 'my demo', 'greeting.txt'), 'utf8')).toMatch(
    /^Hello from localhost, which runs \S.* \S+\.\n$/,
  );
  expect(await xrun([site, '--detailed-exitcode'])).toMatchObject({ code: 0, stderr: '' });
});
