import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useLab } from '../support/lab.ts';
import { xrun } from '../support/xrun.ts';

/** A task, what to ask the host afterwards, and the answer; before the task the answer is another one. */
const TASKS = [
  { task: { copy: { dest: '/srv/copied', content: 'one\n', mode: '0600' } }, ask: 'stat -c %a /srv/copied; cat /srv/copied', answer: '600\none' },
  { task: { file: { path: '/srv/made', state: 'directory', mode: '0750' } }, ask: 'stat -c %a:%F /srv/made', answer: '750:directory' },
  { task: { lineinfile: { path: '/etc/hosts', line: '192.0.2.9 nine', regexp: ' nine$' } }, ask: 'grep nine /etc/hosts', answer: '192.0.2.9 nine' },
  { task: { blockinfile: { path: '/etc/hosts', block: '192.0.2.7 seven\n192.0.2.8 eight\n' } }, ask: "sed -n '/BEGIN/,/END/p' /etc/hosts | grep -c ^192.0.2", answer: '2' },
  { task: { json_file: { path: '/srv/app.json', key: 'server.port', value: 8080 } }, ask: 'cat /srv/app.json | tr -d " \\n"', answer: '{"server":{"port":8080}}' },
  { task: { ini_file: { path: '/srv/app.ini', section: 'main', option: 'level', value: 'debug' } }, ask: 'cat /srv/app.ini', answer: '[main]\nlevel = debug' },
  { task: { linux_bridge: { name: 'br9' } }, ask: 'ip -d link show br9 | grep -cw bridge', answer: '1' },
  { task: { iptables: { chain: 'FORWARD', source: '192.0.2.0/24', jump: 'DROP' } }, ask: 'iptables -S FORWARD | grep -c -- "-s 192.0.2.0/24 -j DROP"', answer: '1' },
  { task: { group: { name: 'team', gid: 2500, system: true } }, ask: 'getent group team', answer: 'team:x:2500:' },
  {
    task: { user: { name: 'worker', uid: 2600, group: 'team', groups: ['adm'], comment: 'Works', home: '/srv/worker', shell: '/bin/sh', password: '$5$salt$Gcm6FsVtF/Qa77ZKD.iwsJlCVPY0XSMgLJL0Hnww/c1' } },
    ask: "getent passwd worker; getent group adm; getent shadow worker | cut -d: -f2 | cut -c1-8; stat -c %U:%G /srv/worker",
    answer: 'worker:x:2600:2500:Works:/srv/worker:/bin/sh\nadm:x:4:worker\n$5$salt$\nworker:team',
  },
];

const lab = useLab();
let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'xrun-module-'));
});
afterAll(() => rm(directory, { recursive: true }));

test.each(TASKS.map((one) => ({ ...one, module: Object.keys(one.task)[0] as string })))('$module: a check tells the change, the run makes it, then both find nothing to do', async ({ module, task, ask, answer }) => {
  const playbook = join(directory, `${module}.yml`);
  await writeFile(playbook, JSON.stringify([{ hosts: 'node1', gather_facts: false, tasks: [{ name: module, ...task }] }]));
  const run = (...options: string[]) => xrun(playbook, '-i', lab.inventory, ...options);
  const found = async () => (await lab.exec('node1', ask)).stdout.trim();

  const before = await found();
  expect(before).not.toBe(answer);

  const told = await run('--check');
  expect(told.code, told.output).toBe(0);
  expect(told.changed, told.output).toEqual([`node1 ${module}`]);
  expect(await found(), 'a check changes nothing').toBe(before);

  const made = await run();
  expect(made.code, made.output).toBe(0);
  expect(made.changed, made.output).toEqual([`node1 ${module}`]);
  expect(await found()).toBe(answer);

  for (const options of [['--check'], []]) {
    const again = await run(...options);
    expect(again.code, again.output).toBe(0);
    expect(again.changed, again.output).toEqual([]);
  }
});
