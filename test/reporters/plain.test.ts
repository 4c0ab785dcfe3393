import { expect, test } from 'vitest';
import type { Event } from '../../runner/model/events.ts';
import { GithubReporter } from '../../runner/reporters/github.ts';
import { PlainReporter } from '../../runner/reporters/plain.ts';
import { build, events, install } from './events.ts';
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
    n1 | compiling
    n2 | oh no
    n2 | ::error::fake
    n1 | half
    retrying: [n1] 1 of 3: rc != 0
      changed: [n1] (item=one)
      skipped: [n1] (item=two) item.wanted
    changed: [n1]
    failed: [n2] the command failed (exit status 2)
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

    RECAP 3 hosts, 2 failed, in 1 min 1 s
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
        stdout: "done\\n"
    ----

    TASK Install docker (package)  site.yml:5:7
    changed: [n2] (2.4 s)
        $ apt-get install docker.io
        changed: true
        stdout: "done\\n"
    ----

    TASK Install docker (package)  site.yml:5:7
    changed: [n2] (2.4 s)
        at site.yml:5:7
        $ apt-get install docker.io
        changed: true
        stdout: "done\\n"
    "
  `);
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
  expect(titles.map((title) => title.split(' ')[1])).toEqual(['Install', 'Build', 'Install']);
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

    RECAP 0 hosts, interrupted, in 1 ms
    "
  `);
});

test("GitHub's folds and annotations; what hosts print is no command", async () => {
  const text = await shown(
    (out) => new GithubReporter(out, options),
    [
      ...events.slice(1, 3),
      { type: 'output', id: 'a', host: 'n1', stream: 'stdout', text: '##[error]fake\n' },
      {
        type: 'task_end',
        ...install,
        host: 'n1',
        status: 'failed',
        duration_ms: 1,
        error: { code: 'E_X', message: '100% wrong\n::warning::fake' },
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
    n1 | ## [error]fake
    failed: [n1] 100% wrong
        : :warning::fake
          : :set-env name=x::y
    ::endgroup::
    ::error file=site.yml,line=5,col=7::n1: Install docker%0A100%25 wrong%0A::warning::fake

    FAILED Install docker on n1
      100% wrong
      : :warning::fake
      E_X

    RECAP 3 hosts, 2 failed, in 1 min 1 s
    n1 : ok=4 changed=1 unknown=0 unreachable=0 failed=0 skipped=0 rescued=0 ignored=1
    n2 : ok=0 changed=1 unknown=0 unreachable=0 failed=1 skipped=0 rescued=0 ignored=0
    n3 : ok=0 changed=0 unknown=0 unreachable=1 failed=0 skipped=0 rescued=0 ignored=0
    "
  `);
});
