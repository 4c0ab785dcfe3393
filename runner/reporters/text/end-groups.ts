import type { Event } from '../../model/events.ts';
import type { ReportOptions } from '../options.ts';
import { compareNames, hostNames } from './names.ts';
import { paint } from './style.ts';
import type { Style } from './style.ts';
import { slowness, taskEndLines } from './task-end.ts';
import { STATUSES } from './words.ts';

type TaskEnd = Extract<Event, { type: 'task_end' }>;

/** Names and ranges of hosts in a line. */
const MOST_NAMES = 20;

/** Hosts on which a task ended with the same words. */
interface EndGroup {
  first: TaskEnd;
  hosts: string[];
  lines: readonly string[];
  slowest_ms: number;
}

/** How a task ended on its hosts; what is the same on many of them is said once. */
export class EndGroups {
  readonly #pen: Style;
  readonly #options: ReportOptions;
  readonly #groups = new Map<string, EndGroup>();

  constructor(pen: Style, options: ReportOptions) {
    this.#pen = pen;
    this.#options = options;
  }

  /** @param output what the host's command printed is part of its lines */
  add(event: TaskEnd, output: boolean): void {
    const lines = taskEndLines(event, this.#pen, this.#options, output);
    const key = JSON.stringify([event.status, event.item, lines]);
    const group = this.#groups.get(key) ?? { first: event, hosts: [], lines, slowest_ms: 0 };
    this.#groups.set(key, group);
    group.hosts.push(event.host);
    group.slowest_ms = Math.max(group.slowest_ms, event.duration_ms);
  }

  /** The items of loops as they came, then the hosts, by how they ended and by name: the same in every run. */
  lines(): string[] {
    const groups = [...this.#groups.values()];
    const items = groups.filter(({ first }) => first.item !== undefined);
    const whole = groups.filter(({ first }) => first.item === undefined).sort(compareGroups);
    return [
      ...items.flatMap((group) => this.#linesOf(group).map((line) => `  ${line}`)),
      ...whole.flatMap((group) => this.#linesOf(group)),
    ];
  }

  #linesOf({ first, hosts, lines: [said, ...below], slowest_ms }: EndGroup): string[] {
    const item = first.item === undefined ? '' : ` (item=${first.item})`;
    const title = `${first.status}: [${hostNames(hosts, MOST_NAMES)}]${item}`;
    const slow = slowness(slowest_ms, this.#options);
    return [
      paint(this.#pen, first.status, title) + (said ? ` ${said}` : '') + (slow && this.#pen.gray(` (${slow})`)),
      ...below.map((line) => `    ${line}`),
    ];
  }
}

function compareGroups(a: EndGroup, b: EndGroup): number {
  const rank = ({ first }: EndGroup) => STATUSES.indexOf(first.status);
  return rank(a) - rank(b) || compareNames(a.first.host, b.first.host);
}
