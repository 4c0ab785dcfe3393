import { expect, test } from 'vitest';
import type { Event } from '../../runner/model/events.ts';
import { GithubReporter } from '../../runner/reporters/github/github.ts';
import { PlainReporter } from '../../runner/reporters/plain.ts';
import { build, events, install, none } from './events.ts';
import { options, shown } from './shown.ts';

const plain = (run?: Event[], more = {}) => shown((out) => new PlainReporter(out, { ...options, ...more }), run);

test('a run, line by line', async () => {
  expect(await plain()).toMatchInlineSnapshot(`
    "
    PLAY Web  site.yml:1:7, 3 hosts

    TASK Install docker (package)  site.yml:5:7
    ok: [n1]
    changed: [n2] (2.4 s)
    unreachable: [n3] no answer from 10.0.0.3:22 in 5 s (5.0 s)
        hint: is the host up?

    TASK Build (shell)  site.yml:9:7
    retrying: [n1] 1 of 3: rc != 0
      changed: [n1] (item=one)
      skipped: [n1] (item=two) item.wanted
    changed: [n1]
    failed: [n2] the command failed (exit status 2)
        stderr:
          oh no
          <b>bold</b>
    warning: n3 was left out  site.yml:1:7
      hint: run again with -l n3

    HANDLER Restart docker (systemd)  site.yml:20:7
    ignored: [n1] unit not found
        ignore_errors

    Containers, ping: 1 of 2 paths work
    from \\ to  n1    n2
    n1         -     ok 0.4 ms
    n2         FAIL  -
    FAIL n2 -> n1: tcp: checksum differs

    FAILED Install docker on n3
      no answer from 10.0.0.3:22 in 5 s
      hint: is the host up?
      E_UNREACHABLE

    FAILED Build on n2
      the command failed (exit status 2)
      E_TASK at site.yml:10:7

    RECAP 1 host ok, 1 failed: n2, 1 unreachable: n3; 2 changed (1 min 1 s)
    n1 : ok=4 changed=1 unknown=0 unreachable=0 failed=0 skipped=0 rescued=0 ignored=1
    n2 : ok=0 changed=1 unknown=0 unreachable=0 failed=1 skipped=0 rescued=0 ignored=0
    n3 : ok=0 changed=0 unknown=0 unreachable=1 failed=0 skipped=0 rescued=0 ignored=0
    "
  `);
});

test('differences where they are asked for', async () => {
  const lines = (await plain(undefined, { diff: true })).split('\n');
  const start = lines.findIndex((line) => line.startsWith('changed: [n2]'));
  expect(lines.slice(start, start + 11).join('\n')).toMatchInlineSnapshot(`
    "changed: [n2] (2.4 s)
        --- /etc/docker/daemon.json
        +++ /etc/docker/daemon.json
        @@ -1,3 +1,3 @@
         {
        -  "mtu": 1500
        +  "mtu": 1450
         }
        - mode: 0600
        + mode: 0644
    unreachable: [n3] no answer from 10.0.0.3:22 in 5 s (5.0 s)"
  `);
});

test('-v tells results, -vv commands too, -vvv places and times too', async () => {
  const changed = events.filter((event) => event.type === 'task_end' && event.host === 'n2' && event.id === 'a');
  expect(
    [
      await plain(changed, { verbosity: 1 }),
      await plain(changed, { verbosity: 2 }),
      await plain(changed, { verbosity: 3 }),
    ].join('----\n'),
  ).toMatchInlineSnapshot(`
    "
    TASK Install docker (package)  site.yml:5:7
    changed: [n2] (2.4 s)
        changed: true
        stdout: done
    ----

    TASK Install docker (package)  site.yml:5:7
    changed: [n2] (2.4 s)
        $ apt-get install docker.io
        changed: true
        stdout: done
    ----

    TASK Install docker (package)  site.yml:5:7
    changed: [n2] (2.4 s)
        at site.yml:5:7
        $ apt-get install docker.io
        changed: true
        stdout: done
    "
  `);
});

/** 30 hosts, each of which prints 30 lines in each of 7 tasks; the last task fails on two of them. */
function manyHosts(): Event[] {
  const hosts = Array.from({ length: 30 }, (_, i) => `web${String(i + 1).padStart(2, '0')}`);
  const tasks = Array.from({ length: 7 }, (_, i) => ({ ...build, id: `t${i}`, task: `Task ${i}` }));
  return [
    { type: 'play_start', play: 'Web', at: build.at, hosts },
    ...tasks.flatMap((task, t): Event[] => [
      { type: 'task_start', ...task, hosts },
      ...hosts.flatMap((host, i): Event[] => {
        const text = `a line of ${task.task}\n`.repeat(30);
        const failed = t === 6 && ['web08', 'web21'].includes(host);
        return [
          { type: 'output', id: task.id, host, stream: 'stdout', text },
          {
            type: 'task_end',
            ...task,
            host,
            status: failed ? 'failed' : 'changed',
            duration_ms: 100 * i,
            result: { changed: true, rc: 0, stdout: text, start: `10:00:${i}` },
            ...(failed && { error: { code: 'E_TASK', message: 'it broke', rc: 1, stdout: text } }),
          },
        ];
      }),
      { type: 'task_done', ...task },
    ]),
    {
      type: 'run_end',
      duration_ms: 4200,
      interrupted: false,
      stats: Object.fromEntries(
        hosts.map((host) => [host, { ...none, changed: 7, failed: ['web08', 'web21'].includes(host) ? 1 : 0 }]),
      ),
    },
  ];
}

test('30 hosts and 7 tasks take few lines, and each output is shown once', async () => {
  const text = await plain(manyHosts());
  expect(text.split('\n').length).toBeLessThan(120);
  expect(text).toContain('\nchanged: [web01..web30] (2.9 s)\n');
  expect(text.slice(text.lastIndexOf('\nTASK'), text.indexOf('FAILED'))).toMatchInlineSnapshot(`
    "
    TASK Task 6 (shell)  site.yml:9:7
    changed: [web01..web07, web09..web20, web22..web30] (2.9 s)
    failed: [web08, web21] it broke (exit status 1) (2.0 s)
        stdout: the last 20 of 30 lines
          a line of Task 6
          a line of Task 6
          a line of Task 6
          a line of Task 6
          a line of Task 6
          a line of Task 6
          a line of Task 6
          a line of Task 6
          a line of Task 6
          a line of Task 6
          a line of Task 6
          a line of Task 6
          a line of Task 6
          a line of Task 6
          a line of Task 6
          a line of Task 6
          a line of Task 6
          a line of Task 6
          a line of Task 6
          a line of Task 6

    "
  `);
  expect(text.split('\n').find((line) => line.startsWith('RECAP'))).toMatchInlineSnapshot(
    `"RECAP 28 hosts ok, 2 failed: web08, web21; 30 changed (4.2 s)"`,
  );
  const wordy = await plain(manyHosts(), { verbosity: 1 });
  expect(wordy.split('\n').length).toBeLessThan(400);
  expect(wordy).toContain(
    '\nchanged: [web01..web30] (2.9 s)\n    changed: true\n    rc: 0\n    stdout:\n      a line of',
  );
});

test('-q: what failed, warnings, and the recap', async () => {
  const text = await plain(undefined, { quiet: true });
  expect(text.slice(0, text.indexOf('RECAP'))).toMatchInlineSnapshot(`
    "warning: n3 was left out  site.yml:1:7
      hint: run again with -l n3

    FAILED Install docker on n3
      no answer from 10.0.0.3:22 in 5 s
      hint: is the host up?
      E_UNREACHABLE

    FAILED Build on n2
      the command failed (exit status 2)
      stderr:
        oh no
        <b>bold</b>
      E_TASK at site.yml:10:7

    "
  `);
});

test('one host is shown while it runs with -v, several when they have ended', async () => {
  const task = (hosts: string[]): Event[] => [
    { type: 'task_start', ...build, hosts },
    { type: 'output', id: build.id, host: hosts[0]!, stream: 'stdout', text: 'compiling\n' },
  ];
  expect(await plain(task(['n1']), { verbosity: 1 })).toContain('n1 | compiling');
  expect(await plain(task(['n1']))).not.toContain('compiling');
  expect(await plain(task(['n1', 'n2']), { verbosity: 1 })).not.toContain('compiling');
});

test('hosts that retry together take one line for each attempt', async () => {
  const retry = (host: string, attempt: number): Event => ({
    type: 'retry',
    id: build.id,
    host,
    attempt,
    retries: 2,
    why: 'no answer',
  });
  const run: Event[] = [
    { type: 'task_start', ...build, hosts: ['n1', 'n2'] },
    retry('n1', 1),
    retry('n2', 1),
    retry('n2', 2),
    retry('n1', 2),
  ];
  expect((await plain(run)).split('\n').filter((line) => line.startsWith('retrying'))).toEqual([
    'retrying: [n1] 1 of 2: no answer',
    'retrying: [n2] 2 of 2: no answer',
  ]);
});

test('titles come back where hosts are at different tasks', async () => {
  const end = { status: 'ok', duration_ms: 1 } as const;
  const run: Event[] = [
    { type: 'task_start', ...install, hosts: ['n1', 'n2'] },
    { type: 'task_start', ...build, hosts: ['n1'] },
    { type: 'task_end', ...build, host: 'n1', ...end },
    { type: 'task_end', ...install, host: 'n2', ...end },
  ];
  const titles = (await plain(run)).split('\n').filter((line) => line.startsWith('TASK'));
  expect(titles.map((title) => title.split(' ')[1])).toEqual(['Install', 'Build', 'Install', 'Build']);
});

test('colours, and none that hosts send', async () => {
  const text = await plain(undefined, { color: true });
  expect(text).toContain('\u001b[33mchanged: [n2]\u001b[39m');
  expect(text).not.toContain('\u001b[31mha');
});

test('the code frame of a failure, once for all hosts it met', async () => {
  const failed = (host: string): Event => ({
    type: 'task_end',
    ...build,
    host,
    status: 'failed',
    duration_ms: 1,
    error: { code: 'E_X', message: 'no', at: build.at },
  });
  const run: Event[] = [failed('n1'), failed('n2'), { type: 'run_end', stats: {}, duration_ms: 1, interrupted: true }];
  const text = await plain(run, { frame: () => '9 | shell: make\n  | ^^^^^' });
  expect(text.slice(text.indexOf('FAILED'))).toMatchInlineSnapshot(`
    "FAILED Build on n1, n2
      no
      E_X at site.yml:9:7
      9 | shell: make
        | ^^^^^

    RECAP 0 hosts ok; interrupted (1 ms)
    "
  `);
});

test("GitHub's folds and annotations; what hosts print is no command", async () => {
  const text = await shown(
    (out) => new GithubReporter(out, options, { relative: (file) => `ops/${file}` }),
    [
      ...events.slice(1, 3),
      {
        type: 'task_end',
        ...install,
        host: 'n1',
        status: 'failed',
        duration_ms: 1,
        error: { code: 'E_X', message: '100% wrong\n::warning::fake', stdout: '##[error]fake' },
        message: '  ::set-env name=x::y',
      },
      { type: 'task_done', ...install },
      ...events.slice(-1),
    ],
  );
  expect(text).toMatchInlineSnapshot(`
    "
    PLAY Web  site.yml:1:7, 3 hosts
    ::group::TASK Install docker (package)

    TASK Install docker (package)  site.yml:5:7
    failed: [n1] 100% wrong
        : :warning::fake
        stdout: ## [error]fake
          : :set-env name=x::y
    ::endgroup::

    FAILED Install docker on n1
      100% wrong
      : :warning::fake
      E_X

    RECAP 1 host ok, 1 failed: n2, 1 unreachable: n3; 2 changed (1 min 1 s)
    n1 : ok=4 changed=1 unknown=0 unreachable=0 failed=0 skipped=0 rescued=0 ignored=1
    n2 : ok=0 changed=1 unknown=0 unreachable=0 failed=1 skipped=0 rescued=0 ignored=0
    n3 : ok=0 changed=0 unknown=0 unreachable=1 failed=0 skipped=0 rescued=0 ignored=0
    ::error file=ops/site.yml,line=5,col=7::n1: Install docker%0A100%25 wrong%0A::warning::fake%0Astdout: ## [error]fake
    "
  `);
});

test("GitHub's annotations are ten at most, errors first, the same failure of many hosts once", async () => {
  const failed = (host: string, message: string): Event => ({
    type: 'task_end',
    ...build,
    host,
    status: 'failed',
    duration_ms: 1,
    error: { code: 'E_X', message },
  });
  const annotations = async (run: Event[]) =>
    (await shown((out) => new GithubReporter(out, options), run))
      .split('\n')
      .filter((line) => /^::(error|warning)/.test(line));
  const many = Array.from({ length: 30 }, (_, i) => failed(`n${i}`, `broke ${i}`));
  const shownOfMany = await annotations([{ type: 'warning', message: 'mind' }, ...many]);
  expect([shownOfMany.length, shownOfMany.at(-1)]).toEqual([10, '::error::and 22 more, in the log of this step']);
  expect(
    await annotations([{ type: 'warning', message: 'mind' }, failed('n1', 'broke'), failed('n2', 'broke')]),
  ).toEqual(['::error file=site.yml,line=9,col=7::n1, n2: Build%0Abroke', '::warning::mind']);
});

test("the summary on GitHub's page: hosts, failures, matrix; what hosts write is text", async () => {
  const evil = events.map((event) => (event.type === 'matrix' ? { ...event, title: 'a | <script> [x](y)' } : event));
  let summary = '';
  await shown(
    (out) =>
      new GithubReporter(out, options, { relative: (file) => file, summary: { write: (text) => (summary += text) } }),
    evil,
  );
  expect(summary).toMatchInlineSnapshot(`
    "### site.yml

    1 host ok, 1 failed: n2, 1 unreachable: n3; 2 changed (1 min 1 s)

    | host | ok | changed | unreachable | failed | ignored |
    | --- | --: | --: | --: | --: | --: |
    | n3 | 0 | 0 | 1 | 0 | 0 |
    | n2 | 0 | 1 | 0 | 1 | 0 |
    | n1 | 4 | 1 | 0 | 0 | 1 |

    **Install docker** failed on n3 (E&#95;UNREACHABLE at site.yml:5:7)

        no answer from 10.0.0.3:22 in 5 s
        hint: is the host up?

    **Build** failed on n2 (E&#95;TASK at site.yml:10:7)

        the command failed (exit status 2)
        stderr:
          oh no
          <b>bold</b>

    **a &#124; &#60;script&#62; &#91;x&#93;(y): 1 of 2 paths work**

    | from &#92; to | n1 | n2 |
    | --- | --: | --: |
    | n1 | - | ok 0.4 ms |
    | n2 | ❌ FAIL tcp: checksum differs | - |

    "
  `);
});
