import type { Event, Reporter } from '../../model/events.ts';
import type { ReportOptions, Sink } from '../options.ts';
import { PlainReporter } from '../plain.ts';
import { Failures } from '../text/failures.ts';
import { hostNames } from '../text/names.ts';
import { readable } from '../text/readable.ts';
import { failureLines, taskTitle } from '../text/words.ts';
import { annotationLines, data, harmless } from './annotations.ts';
import type { Annotation } from './annotations.ts';
import { Summary } from './summary.ts';

/** What an action gives to its steps. */
export interface GithubOptions {
  /** The path of a file in the repository. */
  relative(file: string): string;
  /** Takes the Markdown that is shown on the page of the run. */
  summary?: Sink | undefined;
}

/** Names of hosts in an annotation. */
const MOST_NAMES = 8;

/**
 * The plain log for GitHub's actions: tasks fold, failures and warnings become annotations of the file and line, and
 * the page of the run gets a summary. Nothing that a host prints can be taken for a workflow command.
 */
export class GithubReporter implements Reporter {
  readonly #out: Sink;
  readonly #plain: PlainReporter;
  readonly #github: GithubOptions;
  readonly #summary = new Summary();
  readonly #failures = new Failures();
  readonly #warnings: Annotation[] = [];
  /** Where only errors are shown nothing is folded away. */
  readonly #folds: boolean;
  #open = false;

  constructor(out: Sink, options: ReportOptions, github: GithubOptions = { relative: (file) => file }) {
    this.#out = out;
    this.#github = github;
    this.#folds = !options.quiet;
    this.#plain = new PlainReporter({ write: (text) => out.write(harmless(text)) }, options);
  }

  on(raw: Event): void {
    const event = readable(raw);
    if (event.type === 'task_start') this.#openGroup(taskTitle(event));
    if (event.type === 'play_start' || event.type === 'matrix' || event.type === 'run_end') this.#closeGroup();
    this.#plain.on(event);
    this.#summary.add(event);
    if (event.type === 'task_end') this.#failures.add(event);
    if (event.type === 'warning') this.#warnings.push({ kind: 'warning', text: event.message, at: event.at });
  }

  async quiet(): Promise<void> {
    this.#plain.endTasks();
  }

  /** Annotations come last: GitHub counts them for the whole step, and the same failure of many hosts is one. */
  async close(): Promise<void> {
    this.#closeGroup();
    const errors = this.#failures.groups.map(({ task, hosts, failure, at }): Annotation => {
      const text = [`${hostNames(hosts, MOST_NAMES)}: ${task}`, ...failureLines(failure, { output: true, most: 20 })];
      return { kind: 'error', text: text.join('\n'), at: failure.at ?? at };
    });
    for (const line of annotationLines([...errors, ...this.#warnings], this.#github.relative))
      this.#out.write(`${line}\n`);
    this.#github.summary?.write(this.#summary.markdown(this.#failures.groups, this.#github.relative));
  }

  #openGroup(title: string): void {
    if (this.#folds) {
      this.#closeGroup();
      this.#out.write(`::group::${data(title)}\n`);
    }
    this.#open = this.#folds;
  }

  /** Ends what is in the group first. */
  #closeGroup(): void {
    this.#plain.endTasks();
    if (this.#open) this.#out.write('::endgroup::\n');
    this.#open = false;
  }
}
