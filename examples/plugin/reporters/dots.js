// @ts-check
import { clean, defineReporter } from 'xrun/reporter';

/** A character for each end of a task. @type {Partial<Record<import('xrun/reporter').Status, string>>} */
const SIGNS = { ok: '.', changed: '+', skipped: '-', unknown: '?', failed: 'F', unreachable: 'U' };

export const dots = defineReporter({
  name: 'dots',
  summary: 'A character for each task and host, then what failed',
  create(sink) {
    /** @type {string[]} */
    const failures = [];
    return {
      on(event) {
        if (event.type === 'task_end' && event.item === undefined) {
          sink.write(SIGNS[event.status] ?? '!');
          if (event.error) failures.push(`${event.task} on ${event.host}: ${event.error.message}`);
        }
        // Messages may hold what a host has printed.
        if (event.type === 'run_end') sink.write(`\n${failures.map((line) => `${clean(line)}\n`).join('')}`);
      },
    };
  },
});
