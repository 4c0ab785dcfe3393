import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { world } from './world.ts';

const hosts = Array.from({ length: 40 }, (_, i) => `web${String(i + 1).padStart(2, '0')}`);
const inventory = JSON.stringify({
  all: {
    vars: { xrun_connection: 'local' },
    children: {
      east: { hosts: Object.fromEntries(hosts.slice(0, 20).map((host, n) => [host, { n }])) },
      west: { hosts: Object.fromEntries(hosts.slice(20).map((host, n) => [host, { n }])) },
    },
  },
});
const site = JSON.stringify([
  {
    name: 'Say',
    hosts: 'all',
    gather_facts: false,
    tasks: [
      { name: 'Name', debug: { msg: '{{inventory_hostname}} is number {{n}}' } },
      { name: 'Keep', set_fact: { odd: '{{n}}' } },
      { name: 'Items', debug: { msg: '{{item}}' }, loop: ['a', 'b'] },
      { name: 'Refuse', assert: { that: ['n != 7'] } },
      { name: 'After', debug: { msg: 'still here' }, when: 'odd != 3' },
    ],
  },
  { name: 'West', hosts: 'west', gather_facts: false, tasks: [{ debug: { msg: 'west' } }] },
]);

type Line = Record<string, unknown> & { type: string; host?: string; task?: string };

/** The lines of a run without what differs from run to run, in an order of their own. */
function linesOf(file: string): Line[] {
  const comparable = ({ ts: _, run_id: __, duration_ms: ___, shard: ____, ...line }: Line) => line as Line;
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((text) => comparable(JSON.parse(text) as Line))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

const timeless = (xml: string) =>
  xml
    .replaceAll(/ (time|timestamp)="[^"]*"/g, '')
    .replace('</testsuites>', '')
    .split('<testsuite ')
    .map((suite) => suite.trim())
    .sort();

describe('eight shards', () => {
  it('do what one run does, and their reports make the same run', async () => {
    const { xrun, dir } = world({ 'inv.yml': inventory, 'site.yml': site });
    const run = ['site.yml', '-i', 'inv.yml'];
    const whole = await xrun([...run, '--jsonl', 'one.jsonl', '--junit', 'one.xml']);
    expect(whole.code).toBe(1);
    const codes = [];
    for (let k = 1; k <= 8; k++)
      codes.push((await xrun([...run, '--shard', `${k}/8`, '--jsonl', `parts/${k}.jsonl`])).code);
    expect(new Set(codes)).toEqual(new Set([0, 1]));
    const merged = await xrun([
      'merge-reports',
      'parts',
      '--jsonl',
      'all.jsonl',
      '--junit',
      'all.xml',
      '--report',
      'all.html',
    ]);
    expect({ code: merged.code, stderr: merged.stderr }).toEqual({ code: 1, stderr: '' });
    expect(linesOf(path.join(dir, 'all.jsonl'))).toEqual(linesOf(path.join(dir, 'one.jsonl')));
    const file = (name: string) => readFileSync(path.join(dir, name), 'utf8');
    expect(timeless(file('all.xml'))).toEqual(timeless(file('one.xml')));
    expect(file('all.html')).toContain('failed on 2 hosts');
    // Reports say where a task begins, not where it ends: carets differ.
    const lines = (text: string) =>
      text
        .replaceAll(/ \((\d+ min )?[\d.]+ m?s\)/g, '')
        .split('\n')
        .filter((line) => !/^ +\d* *\|/.test(line));
    expect(lines(merged.stdout)).toEqual(lines(whole.stdout));
  });

  it('are merged with a word about those that are missing, were stopped, or ran again', async () => {
    const { xrun, dir } = world({ 'inv.yml': inventory, 'site.yml': site });
    const shard = (k: number, file: string) =>
      xrun(['site.yml', '-i', 'inv.yml', '-l', '!web08:!web28', '--shard', `${k}/3`, '--jsonl', `parts/${file}`]);
    await shard(1, 'a.jsonl');
    await shard(2, 'b.jsonl');
    const first = path.join(dir, 'parts/a.jsonl');
    truncateSync(first, Math.floor(readFileSync(first, 'utf8').length / 2));
    const stopped = await xrun(['merge-reports', 'parts']);
    expect(stopped.code).toBe(1);
    expect(stopped.stdout.split('\n').filter((line) => line.startsWith('warning'))).toEqual([
      'warning: there is no report of shard 3 of 3',
      'warning: the report parts/a.jsonl of shard 1 of 3 ends before its run did',
    ]);
    await shard(1, 'again/a.jsonl');
    await shard(3, 'c.jsonl');
    expect((await xrun(['merge-reports', 'parts'])).code).toBe(0);
  });
});

describe('merge-reports', () => {
  it.each([
    { text: undefined, stderr: /^error\[E_REPORT\]: there is no report in parts\n/ },
    {
      text: '{"type": "run_end"}\n',
      stderr: /^error\[E_REPORT\]: parts\/a.jsonl is not a report of xrun\n {2}at parts\/a.jsonl:1:1\n/,
    },
    { text: '<html>\n', stderr: /^error\[E_REPORT\]: parts\/a.jsonl is not a report of xrun\n/ },
    { text: '', stderr: /^error\[E_REPORT\]: parts\/a.jsonl is not the report of a run/ },
  ])('refuses $text', async ({ text, stderr }) => {
    const { xrun, dir } = world();
    mkdirSync(path.join(dir, 'parts'));
    if (text !== undefined) writeFileSync(path.join(dir, 'parts/a.jsonl'), text);
    expect(await xrun(['merge-reports', 'parts'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(stderr) as string,
    });
  });
});

describe('a play that needs all of its hosts', () => {
  const play = (more: object, tasks: object[] = [{ debug: { msg: 'hi' } }]) =>
    JSON.stringify([{ name: 'Web', hosts: 'east', gather_facts: false, ...more, tasks }], null, 1);
  const run = (text: string, ...more: string[]) =>
    world({ 'inv.yml': inventory, 'site.yml': text }).xrun(['site.yml', '-i', 'inv.yml', '--shard', '1/4', ...more]);

  it.each([
    ["'run_once'", play({}, [{ debug: { msg: 'hi' }, run_once: true }]), 11],
    ["'serial'", play({ serial: 2 }), 6],
    ["'max_fail_percentage'", play({ max_fail_percentage: 10 }), 6],
    ["'any_errors_fatal'", play({ any_errors_fatal: true }), 6],
    [
      "'kept' of other hosts (hostvars)",
      play({}, [{ debug: { msg: 'hi' }, register: 'kept' }, { debug: { msg: '{{hostvars.web01.kept.msg}}' } }]),
      13,
    ],
    ["'ansible_play_hosts'", play({}, [{ debug: { msg: '{{ansible_play_hosts}}' } }]), 7],
    ["'matrix'", play({}, [{ matrix: { title: 't', hosts: ['web01'], results: {} } }]), 7],
  ])('is refused with its place: %s', async (what, text, line) => {
    const { code, stderr, stdout } = await run(text);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(
      `error[E_SHARD]: ${what} needs all hosts of the play 'Web', and --shard has them on 4 controllers\n`,
    );
    expect(Number(/ at site\.yml:(\d+):/.exec(stderr)?.[1])).toBeGreaterThanOrEqual(line - 2);
  });

  it('runs where its hosts are all in one shard, and only there', async () => {
    const text = play({ serial: 2 }, [{ debug: { msg: 'hi' }, run_once: true }]);
    const ran = [];
    for (const k of [1, 2, 3, 4]) {
      const { code, stdout } = await run(text, '--shard', `${k}/4`, '--shard-by', 'group');
      expect(code).toBe(0);
      ran.push([...stdout.matchAll(/^web\d+ : /gm)].length);
    }
    expect(ran.sort()).toEqual([0, 0, 0, 20]);
  });

  it.each([
    ['web30', 2],
    ['{{groups.west[0]}}', 2],
    ['localhost', 0],
    ['{{inventory_hostname}}', 0],
  ])('delegates to %s: %d', async (target, code) => {
    const text = play({}, [{ debug: { msg: 'hi' }, delegate_to: target }]);
    const ended = await run(text);
    expect(ended.code, ended.stderr).toBe(code);
    expect(ended.stderr.includes("'delegate_to'")).toBe(code === 2);
  });
});

describe('--shard', () => {
  const jobs: Record<string, string>[] = [
    { JOB_COMPLETION_INDEX: '2' },
    { CI_NODE_INDEX: '3', CI_NODE_TOTAL: '8' },
    { SLURM_ARRAY_TASK_ID: '9', SLURM_ARRAY_TASK_MIN: '5', SLURM_ARRAY_TASK_STEP: '2', SLURM_ARRAY_TASK_COUNT: '8' },
    { BUILDKITE_PARALLEL_JOB: '2', BUILDKITE_PARALLEL_JOB_COUNT: '8' },
  ];
  const listed = async (argv: string[], env: Record<string, string> = {}) =>
    world({ 'inv.yml': inventory, 'site.yml': site }).xrun(['site.yml', '-i', 'inv.yml', '--list-hosts', ...argv], {
      env,
    });

  it.each(jobs)('auto is what the job array says: %o', async (env) => {
    const auto = 'JOB_COMPLETION_INDEX' in env ? 'auto/8' : 'auto';
    expect((await listed(['--shard', auto], env)).stdout).toBe((await listed(['--shard', '3/8'])).stdout);
  });

  it.each([
    ['3', "--shard: expected K/N, auto or auto/N, found '3'"],
    ['0/3', '--shard: expected a number from 1 to 3, found 0'],
    ['4/3', '--shard: expected a number from 1 to 3, found 4'],
    ['auto', '--shard auto: there is no variable of a job array in the environment'],
  ])('refuses %s', async (text, message) => {
    expect(await listed(['--shard', text])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(message) as string,
    });
  });
});
