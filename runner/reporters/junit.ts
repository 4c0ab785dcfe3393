import junit from 'junit-report-builder';
import { formatPosition } from '../diagnostics/errors.ts';
import type { Event, Reporter } from '../model/events.ts';
import type { Sink } from './options.ts';
import { readable } from './text/readable.ts';
import { RunRecord } from './text/record.ts';
import { failureLines } from './text/words.ts';

type TaskEnd = Extract<Event, { type: 'task_end' }>;
type Suite = ReturnType<typeof junit.testSuite>;

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
    const suites = new Map<string, Suite>();
    for (const { start, tasks } of this.#record.plays) {
      for (const end of tasks.flatMap((task) => task.ends).filter((event) => event.item === undefined)) {
        const suite = suites.get(end.host) ?? builder.testSuite().name(end.host).timestamp(this.#record.startedAt);
        suites.set(end.host, suite);
        addCase(suite, start.play, end);
      }
    }
    this.#out.write(builder.build());
  }
}

function addCase(suite: Suite, play: string, end: TaskEnd): void {
  const test = suite
    .testCase()
    .name(end.task)
    .className(`${end.host}.${play}`)
    .file(formatPosition(end.at))
    .time(end.duration_ms / 1000);
  const lines = end.error ? failureLines(end.error, { output: true }) : [];
  if (end.status === 'skipped') test.skipped();
  else if (end.error && end.status === 'unreachable') test.error(lines[0], end.error.code, lines.join('\n'));
  else if (end.error && end.status === 'failed') test.failure(lines.join('\n'), end.error.code);
  // A run that goes on after an error is not a failed test, but its reader should see why it went on.
  else if (lines.length > 0) test.standardOutput([`${end.status}:`, ...lines].join('\n'));
  else if (end.status !== 'ok') test.standardOutput([end.status, end.message ?? ''].filter(Boolean).join(': '));
}
