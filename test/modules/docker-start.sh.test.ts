import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { starting } from '../../runner/modules/docker/container/container-steps.ts';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'xrun-docker-'))));
afterEach(() => rmSync(directory, { recursive: true }));

/** Starts a container by a `docker` that says `error` as often as it is told, and then obeys. */
function start(error: string, times: number) {
  const tries = join(directory, 'tries');
  rmSync(tries, { force: true });
  writeFileSync(
    join(directory, 'docker'),
    `#!/bin/sh\necho "$*" >>${tries}\n[ $(wc -l <${tries}) -gt ${times} ] && echo order && exit\necho '${error}' >&2; exit 1\n`,
    { mode: 0o755 },
  );
  writeFileSync(join(directory, 'sleep'), '#!/bin/sh\n', { mode: 0o755 });
  const { status, stdout, stderr } = spawnSync('sh', ['-c', starting('order').text], {
    encoding: 'utf8',
    env: { PATH: `${directory}:${process.env.PATH}` },
  });
  return { status, stdout, stderr, tries: readFileSync(tries, 'utf8').split('\n').slice(0, -1) };
}

const BUSY =
  'Error response from daemon: attaching to network failed, make sure your network options are correct and check manager logs: context deadline exceeded';

it('a manager that is busy is asked again', () => {
  expect(start(BUSY, 2)).toEqual({
    status: 0,
    stdout: '',
    stderr: '',
    tries: ['start order', 'start order', 'start order'],
  });
});

it('one that stays busy is not asked for ever', () => {
  expect(start(BUSY, 99)).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringContaining(`${BUSY}\n(asked 20 times)\n`),
    tries: { length: 20 },
  });
});

it('a network of the swarm that the host has not heard of yet is waited for', () => {
  const error = 'Error response from daemon: network y4hqq7say4pjh0hj2zg7ivf84 not found';
  expect(start(error, 2)).toMatchObject({ status: 0, tries: { length: 3 } });
  expect(start('Error response from daemon: network nonet not found', 2)).toMatchObject({ status: 1 });
});

it('a network that is still being cleared away after a failed attempt is asked for again', () => {
  expect(start('Error response from daemon: network nm9adxe687l30nppxiomedr1w not found', 1)).toMatchObject({
    status: 0,
    stderr: '',
    tries: { length: 2 },
  });
});

it('whatever else Docker says is told at once', () => {
  expect(start('No such container: order', 9)).toMatchObject({
    status: 1,
    stderr: 'No such container: order\n',
    tries: { length: 1 },
  });
});
