import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { Event } from '../../runner/model/events.ts';
import { LiveReporter } from '../../runner/reporters/live/live.ts';
import { recapTable } from '../../runner/reporters/text/recap-table.ts';
import { style } from '../../runner/reporters/text/style.ts';
import { TaskView } from '../../runner/reporters/text/task-view.ts';
import { build, events, install, none } from './events.ts';
import { options } from './shown.ts';

const pen = style(false);
const end = (host: string, status: 'ok' | 'changed' | 'failed') =>
  ({ type: 'task_end', ...install, host, status, duration_ms: 1 }) as const;

/** What stays on the screen: of what was drawn and erased again, only the last. */
async function screen(run: readonly Event[], more = {}): Promise<string> {
  let text = '';
  const reporter = new LiveReporter(
    { write: (part) => (text += part), columns: 100, rows: 40 },
    { ...options, ...more },
  );
  for (const event of run) {
    reporter.on(event);
    await new Promise(setImmediate);
  }
  await reporter.close();
  return settled(text);
}

/** A terminal's memory of lines, as far as erasing lines above goes. */
function settled(text: string): string {
  const lines = [''];
  // eslint-disable-next-line no-control-regex -- the sequences that listr2 draws with
  for (const part of text.split(/(\u001b\[\d*[A-Z]|\n)/)) {
    if (part === '\n') lines.push('');
    else if (part === '\u001b[1A') lines.pop();
    else if (part === '\u001b[2K') lines[lines.length - 1] = '';
    else lines[lines.length - 1] += stripVTControlCharacters(part);
  }
  return lines.map((line) => line.trimEnd()).join('\n');
}

test('what is left on the screen of a run', async () => {
  expect(await screen(events)).toMatchInlineSnapshot(`
    "
    Web  3 hosts  site.yml:1:7
    ✖ Install docker  ok 1  changed 1  unreachable 1
        changed: n2
        unreachable: n3: no answer from 10.0.0.3:22 in 5 s
    ✖ Build  changed 1  failed 1
        changed: n1
        failed: n2: the command failed (exit status 2)
    warning: n3 was left out  site.yml:1:7
      hint: run again with -l n3
    ✔ handler Restart docker  ignored 1
        ignored: n1: unit not found

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
      stderr:
        oh no
        <b>bold</b>
      E_TASK at site.yml:10:7

    RECAP 1 host ok, 1 failed: n2, 1 unreachable: n3; 2 changed (1 min 1 s)
    host  ok  changed  unreachable  failed  ignored
    n1     4        1            -       -        1
    n2     -        1            -       1        -
    n3     -        -            1       -        -
    "
  `);
});

test('later tasks, which some hosts have reached, keep their order', async () => {
  const run: Event[] = [
    { type: 'task_start', ...install, hosts: ['n1', 'n2'] },
    { type: 'task_start', ...build, hosts: ['n1'] },
    { type: 'task_end', ...build, host: 'n1', status: 'ok', duration_ms: 1 },
    { type: 'task_done', ...build },
    end('n2', 'ok'),
    { type: 'task_done', ...install },
  ];
  expect((await screen(run)).split('\n').filter((line) => line.startsWith('✔'))).toEqual([
    '✔ Install docker  ok 1',
    '✔ Build  ok 1',
  ]);
});

test('how far a large file has come is told below its task', async () => {
  let text = '';
  const reporter = new LiveReporter({ write: (part) => (text += part), columns: 100, rows: 40 }, options);
  reporter.on({ type: 'task_start', ...install, hosts: ['n1'] });
  reporter.on({ type: 'host_start', id: install.id, host: 'n1' });
  reporter.on({ type: 'sending', id: install.id, host: 'n1', sent: 95_999_999, size: 210_000_000 });
  await expect.poll(() => stripVTControlCharacters(text)).toContain('n1 | 45 % of 210 MB sent');
  await reporter.close();
});

test('a progress bar is shown as it is now, and how far the run has come', async () => {
  let text = '';
  const reporter = new LiveReporter({ write: (part) => (text += part), columns: 100, rows: 40 }, options);
  reporter.on({ type: 'play_start', play: 'Web', at: build.at, hosts: ['n1'], tasks: 3 });
  reporter.on({ type: 'task_start', ...install, hosts: ['n1'] });
  reporter.on({ type: 'host_start', id: install.id, host: 'n1' });
  for (const share of [10, 20])
    reporter.on({ type: 'output', id: install.id, host: 'n1', stream: 'stdout', text: `${share} %\r` });
  await expect.poll(() => stripVTControlCharacters(text)).toContain('n1 | 20 %');
  expect(stripVTControlCharacters(text)).toContain('task 1 of 3, 1 host running, ');
  await reporter.close();
});

test('of a long name what the counts leave room for', () => {
  const view = new TaskView({ ...install, task: 'Install the packages that all of the services need '.repeat(3) }, [
    'n1',
    'n2',
  ]);
  view.end(end('n1', 'ok'));
  expect([60, 80, 200].map((columns) => view.headline(pen, true, columns))).toEqual([
    'Install the packages that all of the services ne…  1/2  ok 1',
    'Install the packages that all of the services need Install the packa…  1/2  ok 1',
    `${view.ref.task}  1/2  ok 1`,
  ]);
});

test('the recap of many hosts: those with the same counts in one row, the failed ones first, as wide as the terminal', () => {
  const hosts = Array.from({ length: 500 }, (_, i) => `web${String(i).padStart(3, '0')}.example.com`);
  const stats = Object.fromEntries(
    hosts.map((host, i) => [host, { ...none, ok: 12, changed: i % 2, failed: i === 7 ? 1 : 0 }]),
  );
  for (const columns of [60, 80, 200]) {
    const lines = recapTable({ type: 'run_end', stats, duration_ms: 4200, interrupted: false }, pen, columns);
    expect(lines.length).toBe(5);
    expect(lines.slice(1).every((line) => line.length < columns)).toBe(true);
    expect(lines[2]).toMatch(/^web007.example.com +12 +1 +1$/);
  }
});

test('a run that breaks off leaves the terminal in order', async () => {
  let text = '';
  const reporter = new LiveReporter({ write: (part) => (text += part) }, options);
  reporter.on({ type: 'task_start', ...install, hosts: ['n1'] });
  await new Promise((resolve) => setTimeout(resolve, 20));
  await reporter.close();
  expect(text.lastIndexOf('\u001b[?25h')).toBeGreaterThan(text.lastIndexOf('\u001b[?25l'));
  expect(process.listenerCount('SIGINT')).toBe(0);
});

test('two hundred hosts take a few lines', () => {
  const hosts = Array.from({ length: 200 }, (_, i) => `h${i}`);
  const view = new TaskView(install, hosts);
  for (const host of hosts.slice(0, 150)) view.start(host);
  for (const [i, host] of hosts.slice(0, 120).entries()) {
    view.output(host, 'stdout', `working on ${i}\n`);
    if (i < 110)
      view.end({
        ...end(host, i < 20 ? 'failed' : 'changed'),
        ...(i < 20 && { error: { code: 'E', message: i < 12 ? 'broke' : `broke ${i}` } }),
      });
  }
  expect(
    [view.headline(pen, true), ...view.runningLines(pen), '', view.headline(pen, false), ...view.doneLines(pen)].join(
      '\n',
    ),
  ).toMatchInlineSnapshot(`
    "Install docker  110/200  changed 90  failed 20
    failed: h0..h11: broke
    failed: h12: broke 12
    failed: h13: broke 13
    failed: h14: broke 14
    failed: h15: broke 15
    and 4 other failures
    h116 | working on 116
    h117 | working on 117
    h118 | working on 118
    h119 | working on 119

    Install docker  changed 90  failed 20
    changed: h20..h109
    failed: h0..h11: broke
    failed: h12: broke 12
    failed: h13: broke 13
    failed: h14: broke 14
    failed: h15: broke 15
    and 4 other failures"
  `);
});

test('a task that may ask stands still, and is told before the question', async () => {
  let text = '';
  const reporter = new LiveReporter({ write: (part) => (text += part), columns: 100, rows: 40 }, options);
  const pause = { ...build, id: 'p', task: 'Wait', module: 'pause' };
  reporter.on({ type: 'task_start', hosts: ['n1'], ...build });
  reporter.on({ type: 'task_end', ...build, host: 'n1', status: 'ok', duration_ms: 1 });
  reporter.on({ type: 'task_done', ...build });
  reporter.on({ type: 'task_start', hosts: ['n1'], ...pause });
  await reporter.quiet();
  const asked = text;
  expect(settled(asked).trimEnd().split('\n').slice(-2)).toEqual(['✔ Build  ok 1', 'Wait']);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(text).toBe(asked);
  reporter.on({ type: 'task_end', ...pause, host: 'n1', status: 'ok', duration_ms: 1 });
  reporter.on({ type: 'task_done', ...pause });
  await reporter.close();
});
