import { formatPosition } from '../../diagnostics/errors.ts';
import type { Event, Matrix, Reporter, Stats, Status } from '../../model/events.ts';
import { Failures } from '../text/failures.ts';
import type { FailureGroup } from '../text/failures.ts';
import { css } from './html-style.ts';
import { taskMarkup } from './html-task.ts';
import { Markup, html } from './markup.ts';
import { cellWord, matrixVerdict } from '../text/matrix.ts';
import type { ReportOptions, Sink } from '../options.ts';
import { readable } from '../text/readable.ts';
import { RunRecord } from '../text/record.ts';
import type { RecordedPlay } from '../text/record.ts';
import { STATUSES, duration, failureLines, failurePlace, plural } from '../text/words.ts';

/** One self-contained page for people who were not there: what happened, where, and what changed. No scripts. */
export class HtmlReporter implements Reporter {
  readonly #out: Sink;
  readonly #frame: ReportOptions['frame'];
  readonly #record = new RunRecord();

  constructor(out: Sink, options: Pick<ReportOptions, 'frame'> = {}) {
    this.#out = out;
    this.#frame = options.frame;
  }

  on(event: Event): void {
    this.#record.add(readable(event));
  }

  async close(): Promise<void> {
    this.#out.write(page(this.#record, this.#frame).text);
  }
}

function page(record: RunRecord, frame: ReportOptions['frame']): Markup {
  const title = `xrun: ${record.start?.playbooks.join(', ') ?? 'no playbook'}`;
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Markup(css)}</style>
</head>
<body>
${headMarkup(record)}
<main>
${errorsMarkup(record, frame)}
${record.end && hostsMarkup(record.end.stats)}
${record.matrices.map(matrixMarkup)}
${record.warnings.length > 0 && html`<h2>Warnings</h2><ul>${record.warnings.map((warning) => html`<li>${warning.message} ${warning.at && html`<span class="place">${formatPosition(warning.at)}</span>`}</li>`)}</ul>`}
${record.plays.map(playMarkup)}
</main>
<footer>Written by xrun, ${record.startedAt.toISOString().replace('T', ' ').slice(0, 19)} UTC.</footer>
</body>
</html>
`;
}

function headMarkup({ start, end, startedAt }: RunRecord): Markup {
  const [status, word] = verdict(end);
  return html`<header>
<h1>${start?.playbooks.join(', ') ?? ''} <span class="status ${status}">${word}</span>${start?.check && html` <span class="status skipped">check: nothing was changed</span>`}</h1>
<p class="soft">${plural(start?.hosts.length ?? 0, 'host')}${end && `, ${duration(end.duration_ms)}`}, <time datetime="${startedAt.toISOString()}">${startedAt.toUTCString()}</time></p>
</header>`;
}

function verdict(end: RunRecord['end']): [Status, string] {
  if (!end) return ['failed', 'did not end'];
  if (end.interrupted) return ['failed', 'interrupted'];
  const count = (status: Status) => Object.values(end.stats).filter((stats) => stats[status] > 0).length;
  const failed = Object.values(end.stats).filter((stats) => stats.failed + stats.unreachable > 0).length;
  if (failed) return ['failed', `failed on ${plural(failed, 'host')}`];
  return count('changed') ? ['changed', `changed ${plural(count('changed'), 'host')}`] : ['ok', 'nothing changed'];
}

function errorsMarkup({ plays }: RunRecord, frame: ReportOptions['frame']): Markup | false {
  const failures = new Failures();
  for (const end of plays.flatMap((play) => play.tasks).flatMap((task) => task.ends)) failures.add(end);
  return (
    failures.groups.length > 0 && html`<h2>What failed</h2>${failures.groups.map((group) => errorMarkup(group, frame))}`
  );
}

function errorMarkup({ task, hosts, failure }: FailureGroup, frame: ReportOptions['frame']): Markup {
  const [message = '', ...rest] = failureLines(failure, { output: true });
  const lines = failure.at && frame?.(failure.at);
  return html`<div class="card error">
<p><strong>${task}</strong> on ${hosts.join(', ')}</p>
<p class="what">${message}</p>
${rest.length > 0 && html`<pre>${rest.join('\n')}</pre>`}
${lines && html`<pre>${lines}</pre>`}
<p class="place">${failurePlace(failure)}</p>
</div>`;
}

function hostsMarkup(stats: Record<string, Stats>): Markup {
  return html`<h2 id="hosts">Hosts</h2>
<div class="card scroll"><table aria-labelledby="hosts">
<thead><tr><th scope="col">host</th>${STATUSES.map((status) => html`<th scope="col" class="number">${status}</th>`)}</tr></thead>
<tbody>${Object.entries(stats).map(
    ([
      host,
      counts,
    ]) => html`<tr><th scope="row">${host}</th>${STATUSES.map((status) => countMarkup(status, counts[status]))}</tr>
`,
  )}</tbody></table></div>`;
}

function countMarkup(status: Status, count: number): Markup {
  return count === 0
    ? html`<td class="number zero">0</td>`
    : html`<td class="number"><span class="status ${status}">${count}</span></td>`;
}

function matrixMarkup(matrix: Matrix): Markup {
  const kind = (ok: boolean | null) => (ok === null ? 'none' : ok ? 'ok' : 'failed');
  return html`<h2>${matrix.title}</h2>
<div class="card scroll"><table class="matrix">
<caption>${matrixVerdict(matrix)}; rows send, columns answer</caption>
<thead><tr><td></td>${matrix.columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${matrix.rows.map(
    (
      name,
      r,
    ) => html`<tr><th scope="row">${name}</th>${(matrix.cells[r] ?? []).map((cell) => html`<td class="${kind(cell.ok)}">${cellWord(cell)} ${cell.cause ?? cell.text}</td>`)}</tr>
`,
  )}</tbody></table></div>`;
}

function playMarkup({ start, tasks }: RecordedPlay): Markup {
  return html`<h2>${start.play} <span class="place">${formatPosition(start.at)}, ${plural(start.hosts.length, 'host')}</span></h2>
<div class="card">${tasks.map(taskMarkup)}</div>`;
}
