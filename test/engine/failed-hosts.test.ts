import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { failedHosts, recordFailedHosts } from '../../runner/engine/run/failed-hosts.ts';

/** A run of site.yml in a fresh directory, which keeps its state in `state`, then in `other`. */
function request() {
  const cwd = mkdtempSync(join(tmpdir(), 'xrun-failed-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  return {
    cwd,
    playbooks: ['site.yml'],
    inventories: ['inv.yml'],
    directories: [join(cwd, 'state'), join(cwd, 'other')],
  };
}

test('the last run counts; one that did not fail leaves nothing', async () => {
  const run = request();
  expect(await failedHosts(run)).toEqual([]);
  await recordFailedHosts(run, ['a', 'b']);
  await recordFailedHosts(run, ['b']);
  expect(await failedHosts(run)).toEqual(['b']);
  await recordFailedHosts(run, []);
  expect(await failedHosts(run)).toEqual([]);
  expect(readdirSync(join(run.cwd, 'state'))).toEqual(['.gitignore']);
});

test('other playbooks and inventories have records of their own', async () => {
  const run = request();
  await recordFailedHosts(run, ['a']);
  expect(await failedHosts({ ...run, playbooks: ['other.yml'] })).toEqual([]);
  expect(await failedHosts({ ...run, inventories: ['a,b'] })).toEqual([]);
  expect(await failedHosts({ ...run, playbooks: [join(run.cwd, 'site.yml')] })).toEqual(['a']);
});

test('a directory that cannot be made is passed over; where none can, that is an error', async () => {
  const run = request();
  writeFileSync(join(run.cwd, 'state'), '');
  await recordFailedHosts(run, ['a']);
  expect(existsSync(join(run.cwd, 'other'))).toBe(true);
  expect(await failedHosts(run)).toEqual(['a']);
  await expect(recordFailedHosts({ ...run, directories: [join(run.cwd, 'state')] }, ['a'])).rejects.toThrow(
    /EEXIST|ENOTDIR/,
  );
});

test('a damaged record is an error that names its file', async () => {
  const run = request();
  await recordFailedHosts(run, ['a']);
  const [name = ''] = readdirSync(run.directories[0]!).filter((each) => each.startsWith('failed-'));
  writeFileSync(join(run.directories[0]!, name), '{"hosts": 3}');
  await expect(failedHosts(run)).rejects.toMatchObject({
    code: 'E_RETRY',
    message: expect.stringContaining(`state/${name}: it does not list hosts`) as string,
  });
});
