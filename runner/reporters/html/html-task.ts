import { formatPosition } from '../../diagnostics/errors.ts';
import type { Diff, Event, Status } from '../../model/events.ts';
import { unifiedDiff } from '../text/diff.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';
import type { RecordedTask } from '../text/record.ts';
import { STATUSES, duration, failureLines } from '../text/words.ts';

type TaskEnd = Extract<Event, { type: 'task_end' }>;

/** A task that folds: its counts in one line; inside, each host that has more to say than ok. */
export function taskMarkup({ ref, ends }: RecordedTask): Markup {
  const whole = ends.filter((end) => end.item === undefined);
  const hosts = (status: Status) => whole.filter((end) => end.status === status).map((end) => end.host);
  const there = STATUSES.filter((status) => hosts(status).length > 0);
  const quiet = (['ok', 'skipped'] as const).filter((status) => there.includes(status));
  const bad = there.includes('failed') || there.includes('unreachable');
  return html`<details${bad && html` open`}><summary><span class="name">${ref.handler && 'handler: '}${ref.task} <span class="place">${ref.module}, ${formatPosition(ref.at)}</span></span>
${there.map((status) => html`<span class="status ${status}">${status} ${hosts(status).length}</span> `)}</summary>
<div class="inside">
${ends.filter(speaks).map(endMarkup)}
${quiet.map((status) => html`<p><span class="status ${status}">${status}</span> ${hosts(status).join(', ')}</p>`)}
</div></details>
`;
}

/** As wanted or left out needs no lines of its own, unless it said something. */
function speaks(end: TaskEnd): boolean {
  return (
    end.error !== undefined ||
    !['ok', 'skipped'].includes(end.status) ||
    (end.status === 'ok' && end.message !== undefined)
  );
}

function endMarkup(end: TaskEnd): Markup {
  const lines = [
    ...(end.error ? failureLines(end.error, { output: true }) : []),
    ...(end.message ? [end.message] : []),
    ...outputOf(end),
  ];
  return html`<p><span class="status ${end.status}">${end.status}</span> <strong>${end.host}</strong>${end.item !== undefined && ` (item ${end.item})`} <span class="soft">${duration(end.duration_ms)}</span></p>
${lines.length > 0 && html`<pre>${lines.join('\n')}</pre>`}
${(end.diff ?? []).map(diffMarkup)}
`;
}

/** What a command printed, where the failure has not reported it already. */
function outputOf({ error, result }: TaskEnd): string[] {
  const stdout = result?.stdout;
  return !error && typeof stdout === 'string' && stdout.trim() ? [stdout.trimEnd()] : [];
}

function diffMarkup(diff: Diff): Markup {
  const kind = (line: string) =>
    /^(@@|---|\+\+\+) /.test(line) ? 'at' : line.startsWith('+') ? 'add' : line.startsWith('-') ? 'del' : '';
  return html`<pre>${unifiedDiff(diff).map(
    (line) => html`<span class="${kind(line)}">${line || ' '}</span>
`,
  )}</pre>`;
}
