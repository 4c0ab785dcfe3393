import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Console } from '../../lab/console.ts';
import type { LabHost } from '../../lab/state.ts';
import { DIR, isFetched, OLD, PARTS } from './lost-book.ts';
import type { Part } from './lost-book.ts';
import type { Strike } from './lost-strike.ts';
import type { Ran, Seen } from './watch.ts';

/** What is judged: a host after a run that was struck, or was not. */
export interface Case {
  host: LabHost;
  console: Console;
  /** The playbook's. */
  dir: string;
  ran: Ran;
  strike?: Strike;
  struckAt?: number;
}

/** How a host ended by what xrun told, and what is not true of that. */
export interface Judged {
  end: 'went on' | 'unreachable' | 'failed' | 'not told';
  code?: string | undefined;
  message?: string | undefined;
  /** Seconds from the strike until xrun told. */
  noticed?: number | undefined;
  why: string[];
}

/**
 * Waits until what the run started has ended, and prints what has not; then what it left beside its files, the log, and
 * the digests of the files. Log-ins whose other end has gone do not know it, and are ended after some seconds.
 */
const LOOK = `running() { ps -eo user=,args= | grep -E "^ops |/srv/lost|sh \\./start|^root +/bin/sh$|sudo -H|sshd: ops" | grep -v -e grep -e 'running()'; }
tries=0
while running >/dev/null && [ $tries -lt 60 ]; do sleep 0.3; tries=$((tries + 1)); [ $tries != 12 ] || pkill -KILL -f '^sshd: ops'; done
running; pkill -KILL -u ops; pkill -KILL -f 'sh [.]/start'
echo ==; find ${DIR} ~ops ~root /tmp /var/tmp \\( -path ~ops/.xrun -o -path ~root/.xrun \\) -prune -o -name '*.xrun-*' -print
echo ==; cat ${DIR}/log 2>/dev/null
echo ==; cd ${DIR} && find . -type f -exec sha256sum {} +`;

export async function judge({ host, console, dir, ran, strike, struckAt }: Case): Promise<Judged> {
  const [still = [], left = [], log = [], digests = []] = (await console.run(LOOK)).stdout
    .split('==\n')
    .map((text) => text.split('\n').filter(Boolean));
  const why: string[] = [];
  if (still.length > 0) why.push(`still runs: ${still.join('; ')}`);
  if (left.length > 0 && !strike?.brutal) why.push(`left: ${left.join(' ')}`);
  const of = ran.events.filter((event) => event.host === host.name);
  const lines = new Map<string, number>();
  for (const line of log) lines.set(line, (lines.get(line) ?? 0) + 1);
  const files = new Map(digests.map((line) => [line.slice(68), line.slice(0, 64)]));
  for (const part of PARTS) why.push(...partOf(part, of, lines, files, strike).map((what) => `${part.name}: ${what}`));
  const fetched = join(dir, 'fetched', host.name);
  if (statusOf(of, 'fetched') === 'changed' && !existsSync(fetched)) why.push('fetched: not here');
  if (existsSync(fetched) && !isFetched(readFileSync(fetched))) why.push('fetched: half a file');
  const ended = endOf(of, strike);
  return {
    ...ended,
    ...(struckAt !== undefined && ended.at !== undefined && { noticed: (ended.at - struckAt) / 1000 }),
    why: [...why, ...ended.why, ...recapOf(ran, host, of)],
  };
}

const ends = (of: readonly Seen[], name: string) =>
  of.filter(({ type, task, item }) => type === 'task_end' && task === name && item === undefined);
const statusOf = (of: readonly Seen[], name: string) => ends(of, name)[0]?.status;

/** What a task left, against what xrun told of it. */
function partOf(
  part: Part,
  of: readonly Seen[],
  lines: ReadonlyMap<string, number>,
  files: ReadonlyMap<string, string>,
  strike: Strike | undefined,
): string[] {
  const why: string[] = [];
  const told = ends(of, part.name);
  if (told.length > 1) why.push(`told ${told.length} times`);
  const status = told[0]?.status;
  const done = status === 'ok' || status === 'changed';
  const unstarted = told.length === 0 || told[0]?.error?.code === 'E_UNREACHABLE';
  // What was started goes on without xrun; where the host's power went it does not.
  const begun = part.name === 'waited for' ? statusOf(of, 'started') !== undefined : !unstarted;
  const items = new Set(
    of
      .filter(
        ({ type, task, item, status: how }) =>
          type === 'item_end' && task === part.name && item !== undefined && how === 'changed',
      )
      .map(({ item }) => item),
  );
  for (const [line, times] of Object.entries(part.lines ?? {})) {
    const found = lines.get(line) ?? 0;
    if (found > times) why.push(`line ${line} is there ${found} times`);
    if ((done || items.has(line)) && found < times)
      why.push(`${status ?? 'its item ended'}, but line ${line} is there ${found} times instead of ${times}`);
    if (!begun && !('loop' in part.task) && !('retries' in part.task) && found > 0)
      why.push(`not begun (${told[0]?.error?.code ?? 'not told'}), but line ${line} is there`);
  }
  for (const [path, digest] of Object.entries(part.files ?? {})) {
    const found = files.get(path);
    if (done ? found !== digest : found !== undefined && found !== digest && found !== OLD)
      why.push(`${status ?? 'not told'}, but ${path} is ${found === undefined ? 'not there' : 'another'}`);
    if (told.length === 0 && found === digest) why.push(`not told, but ${path} is there`);
  }
  // Time may be up for what was killed, or stands still, on a host that answers.
  if (status === 'failed' && !strike?.brutal && !strike?.halts && !strike?.limit)
    why.push(`failed: ${told[0]!.error?.code} ${told[0]!.error?.message}`);
  return why;
}

/** The host's own end: all tasks, or the one that it was lost in. */
function endOf(of: readonly Seen[], strike: Strike | undefined): Omit<Judged, 'noticed'> & { at?: number } {
  const bad = of.filter(
    ({ type, item, status }) =>
      type === 'task_end' && item === undefined && (status === 'failed' || status === 'unreachable'),
  );
  const why: string[] = [];
  if (bad.length > 1) why.push(`ended badly ${bad.length} times`);
  if (bad.length > 0 && !strike) why.push('it was not struck, and did not do all');
  const [last] = bad;
  if (last) {
    const { code, message } = last.error ?? {};
    if (!code || !message) why.push('it does not say why');
    return { end: last.status as 'failed' | 'unreachable', code, message, at: last.at, why };
  }
  // A pause is one for all.
  const missing = PARTS.filter(({ name, phase }) => phase !== 'between' && statusOf(of, name) === undefined).map(
    ({ name }) => name,
  );
  if (missing.length > 0) return { end: 'not told', why: [...why, `never told: ${missing.join(', ')}`] };
  return { end: 'went on', why };
}

/** The recap, in both forms, against what was told task by task. */
function recapOf({ events, output }: Ran, host: LabHost, of: readonly Seen[]): string[] {
  const stats = events.findLast(({ type }) => type === 'run_end')?.stats?.[host.name];
  if (!stats) return ['the recap lacks it'];
  const why: string[] = [];
  for (const status of ['unreachable', 'failed', 'ok', 'changed'] as const) {
    const told = of.filter(
      (event) => event.type === 'task_end' && event.item === undefined && event.status === status,
    ).length;
    if (stats[status] !== told) why.push(`the recap counts ${stats[status]} ${status}, told were ${told}`);
  }
  const line = output.split('\n').find((each) => each.startsWith(host.name) && each.includes('unreachable='));
  if (!line?.includes(`unreachable=${stats.unreachable} `) || !line.includes(`failed=${stats.failed} `))
    why.push(`the recap's line: ${line}`);
  for (const { error } of of)
    if (error && !output.replaceAll(/\s+/g, ' ').includes(error.message.split('\n')[0]!.replaceAll(/\s+/g, ' ')))
      why.push(`not shown: ${error.message}`);
  return why;
}
