import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, test } from 'vitest';
import { containerArgs } from '../../runner/modules/docker/container/container-args.ts';
import type { Inspected } from '../../runner/modules/docker/container/inspected.ts';
import { replacement } from '../../runner/modules/docker/container/container-steps.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'xrun-docker-'));
  mkdirSync(join(directory, 'there'));
  copyFileSync(new URL('../support/fake-docker.sh', import.meta.url), join(directory, 'docker'));
  chmodSync(join(directory, 'docker'), 0o755);
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Replaces the running container `order` (id 0ld) by one that was made beside it (id f00); what is there afterwards. */
function replace(env: Record<string, string> = {}, more: Record<string, unknown> = {}) {
  const args = containerArgs.parse({ name: 'order', image: 'x:1', ...more });
  const old = { Id: '0ld', State: { Running: true } } as Inspected;
  const there = join(directory, 'there');
  writeFileSync(join(there, 'order'), '0ld running\n');
  writeFileSync(join(there, 'order.xrun-new'), 'f00 created\n');
  const { status, stderr } = spawnSync('sh', ['-c', replacement(args, old).text], {
    encoding: 'utf8',
    env: { PATH: `${directory}:${process.env.PATH}`, DIR: there, ...env },
  });
  const containers = Object.fromEntries(
    readdirSync(there).map((name) => [name, readFileSync(join(there, name), 'utf8').trim()]),
  );
  return { status, stderr, containers, calls: readFileSync(join(directory, 'calls'), 'utf8').split('\n') };
}

const BACK = { order: '0ld running' };

it('the new one takes the place, and the old one is removed last', () => {
  const { status, containers, calls } = replace();
  expect({ status, containers }).toEqual({ status: 0, containers: { order: 'f00 running' } });
  expect(calls.filter((call) => /^(stop|start|rm|rename)/.test(call))).toEqual([
    'rename 0ld order.xrun-old',
    'rename order.xrun-new order',
    'stop 0ld',
    'start order',
    'rm --force 0ld',
  ]);
});

it.each([
  ['does not start', { FAIL: 'start order' }, 'refused start order'],
  ['cannot have the name', { FAIL: 'rename order.xrun-new*' }, 'refused rename'],
  ['finds an old one that does not stop', { FAIL: 'stop*' }, 'refused stop'],
  ['ends at once', { ENDS: 'f00' }, 'it exited with 3 at once; it printed last: cannot read config'],
])('where the new one %s, the old one is back and runs', (_what, env, says) => {
  const { status, stderr, containers } = replace(env);
  expect({ status, containers }).toEqual({ status: 1, containers: BACK });
  expect(stderr).toContain(says);
  expect(stderr).toContain('the old one, which is back and runs');
});

it('a container that is not to be started is not', () => {
  expect(replace({}, { state: 'present' })).toMatchObject({ status: 0, containers: { order: 'f00 created' } });
});

test('killed at any moment, the old container is still there', () => {
  for (const KILL of ['rename 0ld*', 'rename order.xrun-new*', 'stop*', 'start*']) {
    const { containers } = replace({ KILL });
    expect(
      Object.values(containers).map((one) => one.split(' ')[0]),
      KILL,
    ).toContain('0ld');
    for (const name of Object.keys(containers)) expect(['order', 'order.xrun-old', 'order.xrun-new']).toContain(name);
  }
});
