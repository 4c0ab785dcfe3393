import junit from 'junit-report-builder';
import type { Position } from '../diagnostics/errors.ts';
import type { Event, Reporter } from '../model/events.ts';
import type { Sink } from './options.ts';
import { readable } from './text/readable.ts';
import { RunRecord } from './text/record.ts';
import { failureLines } from './text/words.ts';

type TaskEnd = Extract<Event, { type: 'task_end' }>;
type Suite = ReturnType<typeof junit.testSuite>;
type Case = ReturnType<Suite['testCase']>;

/** A host's suite while it is filled. */
interface HostSuite {
  suite: Suite;
  /** How often a name of a task came up in a play: CI servers know a test by its class and name. */
  names: Map<string, number>;
  took_ms: number;
}

/** A test suite for each host, a test case for each of its tasks: what CI servers draw their tables from. */
export class JunitReporter implements Reporter {
  readonly #out: Sink;
  readonly #record = new RunRecord();

  constructor(out: Sink) {
    this.#out = out;
  }

  on(event: Event): void {
    this.#record.add(readable(event));
  }

  async close(): Promise<void> {
    const builder = junit.newBuilder().name('xrun');
    const hosts = new Map<string, HostSuite>();
    const begin = (host: string): HostSuite => {
      const suite = builder.testSuite().name(host).timestamp(this.#record.startedAt);
      return { suite, names: new Map(), took_ms: 0 };
    };
    for (const { start, tasks } of this.#record.plays) {
      for (const end of tasks.flatMap((task) => task.ends).filter((event) => event.item === undefined)) {
        const host = hosts.get(end.host) ?? begin(end.host);
        hosts.set(end.host, host);
        addCase(host, start.play, end);
      }
    }
    for (const { suite, took_ms } of hosts.values()) suite.time(took_ms / 1000);
    this.#out.write(builder.build());
  }
}

function addCase(host: HostSuite, play: string, end: TaskEnd): void {
  const key = JSON.stringify([play, end.task]);
  const count = (host.names.get(key) ?? 0) + 1;
  host.names.set(key, count);
  host.took_ms += end.duration_ms;
  const test = host.suite
    .testCase()
    .name(count === 1 ? end.task : `${end.task} (${count})`)
    .className(`${end.host}.${play}`)
    .time(end.duration_ms / 1000);
  place(test, end.at);
  const lines = end.error ? failureLines(end.error, { output: true }) : [];
  if (end.status === 'skipped') test.skipped();
  else if (end.error && end.status === 'unreachable') test.error(lines[0], end.error.code, lines.join('\n'));
  else if (end.error && end.status === 'failed') test.failure(lines[0], end.error.code).stacktrace(lines.join('\n'));
  // A run that goes on after an error is not a failed test, but its reader should see why it went on.
  else if (lines.length > 0) test.standardOutput([`${end.status}:`, ...lines].join('\n'));
  else if (end.status !== 'ok') test.standardOutput([end.status, end.message ?? ''].filter(Boolean).join(': '));
}

/** The builder has a method for the file only. */
function place(test: Case, at: Position): void {
  test.file(at.file);
  Object.assign(test['_attributes'] as object, { line: at.line });
}
