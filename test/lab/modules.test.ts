import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { useLab } from '../support/lab.ts';
import { play } from '../support/play.ts';
import type { Ran } from '../support/xrun.ts';
import { takeCourse } from './rows/course.ts';
import type { Course } from './rows/course.ts';
import { DOCKER } from './rows/docker.ts';
import { FILES } from './rows/files.ts';
import { NETWORK } from './rows/network.ts';
import { REMOTE } from './rows/remote.ts';
import { nameOf } from './rows/row.ts';
import { ETCD } from './rows/stores.ts';
import { SYSTEM } from './rows/system.ts';

const ROWS = [...DOCKER, ...ETCD, ...FILES, ...NETWORK, ...REMOTE, ...SYSTEM];
const HOST = 'node1';

const lab = useLab();
let course: Course;

beforeAll(async () => {
  course = await takeCourse(lab, HOST, ROWS);
});

const rows = ROWS.map((row, i) => ({ row, i, name: nameOf(row) }));

test.each(rows)(
  '$name: a check tells the change, the run makes it, then both find nothing to do',
  ({ row, i, name }) => {
    const { told, made, toldAgain, madeAgain, before, afterCheck, after } = course;
    expect(before[i], 'there is something to do').not.toBe(row.answer);
    expect(statusOf(told, name), told.output).toBe('changed');
    expect(afterCheck[i], 'a check changes nothing').toBe(before[i]);
    expect(statusOf(made, name), made.output).toBe('changed');
    expect(after[i]).toBe(row.answer);
    expect(statusOf(toldAgain, name), toldAgain.output).toBe('ok');
    expect(statusOf(madeAgain, name), madeAgain.output).toBe('ok');
  },
);

test.each(rows.filter(({ row }) => row.drift))(
  '$name: what is changed by hand is told, each attribute, and mended',
  ({ row, i, name }) => {
    const { toldDrift, mended, afterMending } = course;
    const { tells } = row.drift!;
    const diff = toldDrift.diffs[`${HOST} ${name}`] ?? [];
    expect(
      diff.map(({ what }) => what),
      toldDrift.output,
    ).toEqual(Object.keys(tells));
    for (const { what, before, after } of diff) {
      expect(toldDrift.output, 'people read it too').toContain(what);
      const [found, wanted] = tells[what]!;
      for (const [shown, part] of [
        [before, found],
        [after, wanted],
      ] as const) {
        if (part === null) expect(shown, what).toBeNull();
        else expect(shown, what).toContain(part);
      }
    }
    expect(statusOf(mended, name), mended.output).toBe('changed');
    expect(afterMending[i]).toBe(row.answer);
  },
);

test('of what nobody has changed nothing is told and nothing is touched', () => {
  const { toldDrift, mended, states } = course;
  const spoiled = rows
    .filter(({ row }) => row.drift)
    .map(({ name }) => `${HOST} ${name}`)
    .sort();
  expect(toldDrift.changed).toEqual(spoiled);
  expect(mended.changed).toEqual(spoiled);
  expect(states.spoiled, 'the comparison sees the damage').not.toBe(states.right);
  expect(states.checked, 'a check changes nothing').toBe(states.spoiled);
  expect(states.mended).toBe(states.right);
});

test('stat: tells what is there, also what somebody changed, and changes nothing', async () => {
  const tasks = [
    { name: 'stat', stat: { path: '/srv/made' }, register: 'made' },
    { name: 'judge', assert: { that: ['made.stat.isdir', 'made.stat.mode == "0750"', 'made.stat.pw_name == "root"'] } },
  ];
  for (const options of [['--check'], []])
    expect(await play(lab, HOST, tasks, ...options)).toMatchObject({ code: 0, changed: [] });
  await lab.ask(HOST, 'chmod 700 /srv/made');
  const drifted = await play(lab, HOST, tasks);
  expect(drifted.statuses).toEqual({ [`${HOST} stat`]: 'ok', [`${HOST} judge`]: 'failed' });
  expect(drifted.output).toContain('made.stat.mode');
  expect(await lab.ask(HOST, 'stat -c %a /srv/made')).toBe('700');
});

test('fetch: brings a file to the controller, and again once it is another one', async () => {
  const dest = await mkdtemp(join(tmpdir(), 'xrun-fetched-'));
  const tasks = [{ name: 'fetch', fetch: { src: '/srv/noted', dest } }];
  const fetched = () => readFile(join(dest, HOST, 'srv/noted'), 'utf8').catch(() => 'nothing');
  try {
    for (const [text, before] of [
      ['one', 'nothing'],
      ['two', 'one\n'],
    ]) {
      await lab.ask(HOST, `echo ${text} > /srv/noted`);
      expect((await play(lab, HOST, tasks, '--check')).changed).toEqual([`${HOST} fetch`]);
      expect(await fetched()).toBe(before);
      expect((await play(lab, HOST, tasks)).changed).toEqual([`${HOST} fetch`]);
      expect(await fetched()).toBe(`${text}\n`);
      expect(await play(lab, HOST, tasks)).toMatchObject({ code: 0, changed: [] });
    }
  } finally {
    await rm(dest, { recursive: true });
  }
});

test.each([{ name: 'eleven' }, {}])(
  'systemd: %o finds a directory of drop-ins that systemd has not seen, and an overriding file',
  async (unit) => {
    const tasks = [{ name: 'systemd', systemd: { ...unit, daemon_reload: true } }];
    const folder = '/etc/systemd/system/eleven.service.d';
    const service = (seconds: number) => `[Service]\\nExecStart=/bin/sleep ${seconds}\\n`;
    await lab.ask(
      HOST,
      `rm -rf ${folder} /etc/systemd/system/eleven.service; printf '${service(9999)}' > /usr/lib/systemd/system/eleven.service; systemctl daemon-reload; systemctl start eleven`,
    );
    expect((await play(lab, HOST, tasks)).changed).toEqual([]);
    const drifts = [
      {
        by: `mkdir ${folder}; printf '[Unit]\\nDescription=Nine\\n' > ${folder}/nine.conf`,
        property: 'Description',
        answer: 'Nine',
      },
      {
        by: `printf '${service(8888)}' > /etc/systemd/system/eleven.service`,
        property: 'FragmentPath',
        answer: '/etc/systemd/system/eleven.service',
      },
    ];
    for (const { by, property, answer } of drifts) {
      await lab.ask(HOST, by);
      expect(
        await lab.ask(HOST, 'systemctl show -p NeedDaemonReload --value eleven'),
        'systemd itself does not see it',
      ).toBe('no');
      expect((await play(lab, HOST, tasks, '--check')).changed).toEqual([`${HOST} systemd`]);
      expect((await play(lab, HOST, tasks)).changed).toEqual([`${HOST} systemd`]);
      expect(await lab.ask(HOST, `systemctl show -p ${property} --value eleven`)).toBe(answer);
      expect((await play(lab, HOST, tasks)).changed).toEqual([]);
    }
  },
);

test('find, uri and pause: what they tell, in a check and in a run, and that they change nothing', async () => {
  await lab.ask(
    HOST,
    "mkdir -p /srv/found/deep; echo one > /srv/found/a.log; echo other > /srv/found/b.txt; touch -d '2 days ago' /srv/found/deep/c.log",
  );
  const tasks = [
    { name: 'find', find: { paths: '/srv/found', patterns: '*.log', recurse: true, age: '1d' }, register: 'old' },
    {
      name: 'found',
      assert: { that: ['old.matched == 1', 'old.files[0].path == "/srv/found/deep/c.log"', 'old.files[0].size == 0'] },
    },
    { name: 'uri', uri: { url: 'http://127.0.0.1:2379/version' }, register: 'version' },
    { name: 'answered', assert: { that: ['version.status == 200', 'version.json.etcdserver.startsWith("3.")'] } },
    { name: 'pause', pause: { prompt: 'Go on?' }, register: 'pause' },
    { name: 'nobody answered', assert: { that: ['pause.user_input == ""'] } },
  ];
  for (const options of [['--check'], []]) {
    const ran = await play(lab, HOST, tasks, ...options);
    expect(ran, ran.output).toMatchObject({ code: 0, changed: [] });
  }
  await lab.ask(HOST, "touch -d '2 days ago' /srv/found/a.log");
  const drifted = await play(lab, HOST, tasks);
  expect(drifted.statuses[`${HOST} found`], drifted.output).toBe('failed');
  expect(drifted.output).toContain('old.matched');
});

const statusOf = (ran: Ran, name: string) => ran.statuses[`${HOST} ${name}`];
