import type { Event, Stats, TaskRef } from '../../runner/model/events.ts';

const at = (line: number) => ({ file: 'site.yml', line, col: 7 });
export const none: Stats = {
  ok: 0,
  changed: 0,
  unknown: 0,
  skipped: 0,
  failed: 0,
  unreachable: 0,
  rescued: 0,
  ignored: 0,
};

export const install: TaskRef = { id: 'a', task: 'Install docker', module: 'package', at: at(5) };
export const build: TaskRef = { id: 'b', task: 'Build', module: 'shell', at: at(9) };
const restart: TaskRef = { id: 'c', task: 'Restart docker', module: 'systemd', at: at(20), handler: true };

/** A run with one of everything: what each reporter is tried with. */
export const events: Event[] = [
  { type: 'run_start', playbooks: ['site.yml'], check: false, hosts: ['n1', 'n2', 'n3'] },
  { type: 'play_start', play: 'Web', at: at(1), hosts: ['n1', 'n2', 'n3'] },
  { type: 'task_start', ...install, hosts: ['n1', 'n2', 'n3'] },
  { type: 'host_start', id: 'a', host: 'n1' },
  { type: 'host_start', id: 'a', host: 'n2' },
  { type: 'host_start', id: 'a', host: 'n3' },
  { type: 'task_end', ...install, host: 'n1', status: 'ok', duration_ms: 12 },
  {
    type: 'task_end',
    ...install,
    host: 'n2',
    status: 'changed',
    duration_ms: 2400,
    diff: [
      { what: '/etc/docker/daemon.json', before: '{\n  "mtu": 1500\n}\n', after: '{\n  "mtu": 1450\n}\n' },
      { what: 'mode', before: '0600', after: '0644' },
    ],
    result: { changed: true, stdout: 'done\n', stdout_lines: ['done'] },
    commands: ['apt-get install docker.io'],
  },
  {
    type: 'task_end',
    ...install,
    host: 'n3',
    status: 'unreachable',
    duration_ms: 5000,
    error: { code: 'E_UNREACHABLE', message: 'no answer from 10.0.0.3:22 in 5 s', hint: 'is the host up?' },
  },
  { type: 'task_done', ...install },
  { type: 'task_start', ...build, hosts: ['n1', 'n2'] },
  { type: 'host_start', id: 'b', host: 'n1' },
  { type: 'host_start', id: 'b', host: 'n2' },
  { type: 'output', id: 'b', host: 'n1', stream: 'stdout', text: 'compiling\n\u001b[31mha' },
  { type: 'output', id: 'b', host: 'n2', stream: 'stderr', text: 'oh no\n::error::fake\n' },
  { type: 'output', id: 'b', host: 'n1', stream: 'stdout', text: 'lf\n' },
  { type: 'retry', id: 'b', host: 'n1', attempt: 1, retries: 3, why: 'rc != 0' },
  { type: 'task_end', ...build, host: 'n1', status: 'changed', item: 'one', duration_ms: 3 },
  { type: 'task_end', ...build, host: 'n1', status: 'skipped', item: 'two', duration_ms: 0, message: 'item.wanted' },
  { type: 'task_end', ...build, host: 'n1', status: 'changed', duration_ms: 8 },
  {
    type: 'task_end',
    ...build,
    host: 'n2',
    status: 'failed',
    duration_ms: 900,
    error: {
      code: 'E_TASK',
      message: 'the command failed',
      at: at(10),
      rc: 2,
      stdout: '',
      stderr: 'oh no\n<b>bold</b>\n',
    },
  },
  { type: 'task_done', ...build },
  { type: 'warning', message: 'n3 was left out', at: at(1), hint: 'run again with -l n3' },
  { type: 'task_start', ...restart, hosts: ['n1'] },
  {
    type: 'task_end',
    ...restart,
    host: 'n1',
    status: 'ignored',
    duration_ms: 4,
    error: { code: 'E_TASK', message: 'unit not found' },
    message: 'ignore_errors',
  },
  { type: 'task_done', ...restart },
  {
    type: 'matrix',
    title: 'Containers, ping',
    rows: ['n1', 'n2'],
    columns: ['n1', 'n2'],
    cells: [
      [
        { ok: null, text: '' },
        { ok: true, text: '0.4 ms' },
      ],
      [
        { ok: false, text: 'tcp: checksum differs' },
        { ok: null, text: '' },
      ],
    ],
  },
  {
    type: 'run_end',
    interrupted: false,
    duration_ms: 61_000,
    stats: {
      n1: { ...none, ok: 4, changed: 1, ignored: 1 },
      n2: { ...none, changed: 1, failed: 1 },
      n3: { ...none, unreachable: 1 },
    },
  },
];
