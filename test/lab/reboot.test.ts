import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useLab } from '../support/lab.ts';
import { xrun } from '../support/xrun.ts';

const HOSTS = ['node1', 'node2', 'node3'];
const lab = useLab();
let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'xrun-reboot-'));
});
afterAll(() => rm(directory, { recursive: true }));

const boots = () => Promise.all(HOSTS.map((host) => lab.ask(host, 'cat /proc/sys/kernel/random/boot_id')));

async function play(tasks: object[], ...options: string[]) {
  const playbook = join(directory, 'site.yml');
  await writeFile(playbook, JSON.stringify([{ hosts: 'all', gather_facts: false, tasks }]));
  return xrun(playbook, '-i', lab.inventory, ...options);
}

test('hosts boot again, and the next task finds them up', async () => {
  const before = await boots();
  const tasks = [
    { name: 'leave a trace', copy: { dest: '/run/before', content: 'gone after a boot\n' } },
    { name: 'reboot', reboot: { test_command: 'systemctl is-active docker', reboot_timeout: 120 }, register: 'rebooted' },
    { name: 'look', stat: { path: '/run/before' }, register: 'trace' },
    { name: 'judge', assert: { that: ['!trace.stat.exists', 'rebooted.rebooted', 'rebooted.elapsed > 0'] } },
  ];

  const told = await play(tasks.slice(0, 2), '--check');
  expect(told.code, told.output).toBe(0);
  expect(told.changed).toEqual(HOSTS.flatMap((host) => [`${host} leave a trace`, `${host} reboot`]));
  expect(await boots(), 'a check reboots nothing').toEqual(before);

  const made = await play(tasks);
  expect(made.code, made.output).toBe(0);
  expect(made.changed).toEqual(told.changed);
  const after = await boots();
  HOSTS.forEach((host, i) => expect(after[i], host).not.toBe(before[i]));
});

test('a host that does not pass the test in time is unreachable, and the others go on', async () => {
  const made = await play([
    { name: 'reboot', reboot: { test_command: 'test "$(hostname)" != node2 || { echo not yet >&2; false; }', reboot_timeout: 30 } },
    { name: 'go on', command: 'true' },
  ]);
  expect(made.statuses).toMatchObject({ 'node1 go on': 'changed', 'node2 reboot': 'unreachable', 'node3 go on': 'changed' });
  expect(made.statuses).not.toHaveProperty('node2 go on');
  expect(made.output).toContain('node2 did not come back within 30 s: not yet');
});
