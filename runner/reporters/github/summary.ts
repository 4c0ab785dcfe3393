import type { Event, Matrix, Stats } from '../../model/events.ts';
import type { FailureGroup } from '../text/failures.ts';
import { cellWord, matrixVerdict } from '../text/matrix.ts';
import { hostNames } from '../text/names.ts';
import { recapWords, worst } from '../text/recap.ts';
import type { RunRecord } from '../text/record.ts';
import { STATUSES, failureLines, failurePlace } from '../text/words.ts';

/** Rows of the table of hosts: GitHub takes a mebibyte for a step. */
const MOST_HOSTS = 200;
const MOST_FAILURES = 20;

/** What the page of an action's run shows of a run, as Markdown: hosts, what failed, the matrix. */
export class Summary {
  readonly #heads: Pick<RunRecord, 'start' | 'end'> = { start: undefined, end: undefined };
  readonly #matrices: Matrix[] = [];

  add(event: Event): void {
    if (event.type === 'run_start') this.#heads.start = event;
    if (event.type === 'run_end') this.#heads.end = event;
    if (event.type === 'matrix') this.#matrices.push(event);
  }

  /** @param relative the path of a file in the repository */
  markdown(failures: readonly FailureGroup[], relative: (file: string) => string): string {
    const { start, end } = this.#heads;
    const title = [
      start?.playbooks.map(relative).join(', ') ?? 'xrun',
      ...(start?.check ? ['(check: nothing was changed)'] : []),
    ];
    return [
      `### ${escaped(title.join(' '))}`,
      '',
      end ? escaped(recapWords(end)) : 'The run did not end.',
      '',
      ...(end ? hostLines(end.stats) : []),
      ...failures.slice(0, MOST_FAILURES).flatMap((group) => failureMarkdown(group, relative)),
      ...this.#matrices.flatMap(matrixMarkdown),
    ]
      .join('\n')
      .concat('\n');
  }
}

function hostLines(stats: Record<string, Stats>): string[] {
  const all = Object.entries(stats);
  const rank = (each: Stats) => ['unreachable', 'failed', 'changed'].indexOf(worst(each)) + 1 || 4;
  const hosts = all.sort(([, a], [, b]) => rank(a) - rank(b)).slice(0, MOST_HOSTS);
  const shown = STATUSES.filter((status) => hosts.some(([, each]) => each[status] > 0));
  const left = all.length - hosts.length;
  return [
    ...table(
      ['host', ...shown],
      hosts.map(([host, each]) => [host, ...shown.map((status) => String(each[status]))]),
    ),
    ...(left > 0 ? [`and ${left} more hosts`, ''] : []),
  ];
}

function failureMarkdown(
  { task, hosts, failure, at: ofTask }: FailureGroup,
  relative: (file: string) => string,
): string[] {
  const at = failure.at ?? ofTask;
  const lines = failureLines(failure, { output: true, most: 20 }).map((line) => `    ${line}`);
  const place = failurePlace({ ...failure, at: { ...at, file: relative(at.file) } });
  return [`**${escaped(task)}** failed on ${escaped(hostNames(hosts, 20))} (${escaped(place)})`, '', ...lines, ''];
}

function matrixMarkdown(matrix: Matrix): string[] {
  return [
    `**${escaped(`${matrix.title}: ${matrixVerdict(matrix)}`)}**`,
    '',
    ...table(
      ['from \\ to', ...matrix.columns],
      matrix.rows.map((name, r) => [
        name,
        ...(matrix.cells[r] ?? []).map((cell) =>
          `${cell.ok === false ? '❌ ' : ''}${cellWord(cell)} ${cell.text}`.trim(),
        ),
      ]),
    ),
  ];
}

function table(head: string[], rows: string[][]): string[] {
  const line = (cells: string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(head), `| ${head.map((_, i) => (i === 0 ? '---' : '--:')).join(' | ')} |`, ...rows.map(line), ''];
}

/** What hosts and users write is text: neither Markdown nor HTML. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~&@]/g, (sign) => `&#${sign.charCodeAt(0)};`).replaceAll('\n', ' ');
}
