import { expect, test } from 'vitest';
import { useLab } from '../support/lab.ts';
import { play } from '../support/play.ts';

const HOSTS = ['node1', 'node2', 'node3'];
const lab = useLab();

const boots = () => Promise.all(HOSTS.map((host) => lab.ask(host, 'cat /proc/sys/kernel/random/boot_id')));

test('hosts boot again, and the next task finds them up', async () => {
  const before = await boots();
  const tasks = [
    { name: 'leave a trace', copy: { dest: '/run/before', content: 'gone after a boot\n' } },
    {
      name: 'reboot',
      reboot: { test_command: 'systemctl is-active docker', reboot_timeout: 120 },
      register: 'rebooted',
    },
    { name: 'look', stat: { path: '/run/before' }, register: 'trace' },
    { name: 'judge', assert: { that: ['!trace.stat.exists', 'rebooted.rebooted', 'rebooted.elapsed > 0'] } },
  ];

  const told = await play(lab, 'all', tasks.slice(0, 2), '--check');
  expect(told.code, told.output).toBe(0);
  expect(told.changed).toEqual(HOSTS.flatMap((host) => [`${host} leave a trace`, `${host} reboot`]));
  expect(await boots(), 'a check reboots nothing').toEqual(before);

  const made = await play(lab, 'all', tasks);
  expect(made.code, made.output).toBe(0);
  expect(made.changed).toEqual(told.changed);
  const after = await boots();
  HOSTS.forEach((host, i) => expect(after[i], host).not.toBe(before[i]));
});

test('a host that does not boot again in time is unreachable', async () => {
  const made = await play(lab, 'node2', [
    { name: 'reboot', reboot: { reboot_command: 'true', reboot_timeout: 20 } },
    { name: 'go on', command: 'true' },
  ]);
  expect(made.statuses).toEqual({ 'node2 reboot': 'unreachable' });
  expect(made.output).toContain('node2 did not come back within 20 s: it has not gone down');
});
