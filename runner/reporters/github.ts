import type { Position } from '../diagnostics/errors.ts';
import type { Event, Reporter } from '../model/events.ts';
import type { ReportOptions, Sink } from './options.ts';
import { PlainReporter } from './plain.ts';
import { readable } from './text/readable.ts';
import { failureLines, taskTitle } from './text/words.ts';

/**
 * The plain log for GitHub's actions: tasks fold, failures and warnings become annotations of the file and line.
 * Nothing that a host prints can be taken for a workflow command.
 */
export class GithubReporter implements Reporter {
  readonly #out: Sink;
  readonly #plain: PlainReporter;
  #open = false;
  #annotations: string[] = [];

  constructor(out: Sink, options: ReportOptions) {
    this.#out = out;
    this.#plain = new PlainReporter({ write: (text) => out.write(harmless(text)) }, options);
  }

  on(raw: Event): void {
    const event = readable(raw);
    if (event.type === 'task_start') this.#openGroup(taskTitle(event));
    if (event.type === 'play_start' || event.type === 'matrix' || event.type === 'run_end') this.#closeGroup();
    this.#plain.on(event);
    if (event.type === 'task_end') this.#failed(event);
    if (event.type === 'warning') this.#annotate('warning', event.message, event.at);
    if (event.type === 'run_end') this.#closeGroup();
  }

  #failed(event: Extract<Event, { type: 'task_end' }>): void {
    if (!event.error || !['failed', 'unreachable'].includes(event.status)) return;
    const text = [`${event.host}: ${event.task}`, ...failureLines(event.error, { output: true })].join('\n');
    this.#annotate('error', text, event.error.at ?? event.at);
  }

  /** Folded lines are not seen, so annotations wait for the end of the group. */
  #annotate(kind: 'error' | 'warning', text: string, at: Position | undefined): void {
    const place = at ? ` file=${property(at.file)},line=${at.line},col=${at.col}` : '';
    this.#annotations.push(`::${kind}${place}::${data(text)}\n`);
    if (!this.#open) this.#flush();
  }

  #openGroup(title: string): void {
    this.#closeGroup();
    this.#out.write(`::group::${data(title)}\n`);
    this.#open = true;
  }

  #closeGroup(): void {
    if (this.#open) this.#out.write('::endgroup::\n');
    this.#open = false;
    this.#flush();
  }

  #flush(): void {
    for (const line of this.#annotations) this.#out.write(line);
    this.#annotations = [];
  }
}

// https://docs.github.com/actions/reference/workflow-commands-for-github-actions: percent-encoding of values.
function data(text: string): string {
  return text.replaceAll('##[', '## [').replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/**
 * The runner takes `::word` at a line's start, whatever blanks are before it, and `##[` anywhere, for commands
 * (ActionCommand.cs of actions/runner). Blanks of other lines are not looked at again and again.
 */
function harmless(text: string): string {
  return text.replace(/^([^\S\n\r\u2028\u2029]*):(?=:)/gm, '$1: ').replaceAll('##[', '## [');
}
