import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Event } from '../../runner/model/events.ts';
import { run } from '../../runner/api/index.ts';
import type { RunOptions, RunSummary } from '../../runner/api/index.ts';

/** A directory with a playbook, run on hosts that are all this machine by the local transport: a real sh, no SSH. */
export interface Playground {
  dir: string;
  /** Runs `site.yml`, or the given playbooks. `watch` sees each event as it comes. */
  run(options?: Partial<RunOptions>, watch?: (event: Event) => void): Promise<Played>;
  clean(): Promise<void>;
}

/** What a run told. */
export interface Played {
  summary: RunSummary;
  events: Event[];
  /** `HOST TASK: STATUS`, one line an end of a task, by task and then by host. Items have `(LABEL)` behind the task. */
  ends: string[];
  /** The text of debug tasks: `HOST: MESSAGE`. */
  messages: string[];
}

/** Files by relative name; `inventory.yml` is made of `hosts` (names, each with variables) where it is not given. */
export async function playground(
  files: Record<string, string>,
  hosts: Record<string, Record<string, unknown>> = { h1: {}, h2: {} },
): Promise<Playground> {
  const dir = await mkdtemp(join(tmpdir(), 'xrun-test-'));
  const inventory = { all: { vars: { xrun_connection: 'local' }, hosts } };
  const all = { 'inventory.yml': JSON.stringify(inventory), ...files };
  for (const [name, text] of Object.entries(all)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  return {
    dir,
    run: (options, watch) => play(dir, options, watch),
    clean: () => rm(dir, { recursive: true, force: true }),
  };
}

async function play(dir: string, options: Partial<RunOptions> = {}, watch?: (event: Event) => void): Promise<Played> {
  const events: Event[] = [];
  const summary = await run({
    playbooks: ['site.yml'],
    inventories: ['inventory.yml'],
    cwd: dir,
    ...options,
    reporters: [{ on: (event) => events.push(event) }, ...(watch ? [{ on: watch }] : [])],
  });
  const ended = inHostOrder(events.filter((e) => e.type === 'task_end'));
  return {
    summary,
    events,
    ends: ended.map((e) => `${e.host} ${e.task}${e.item === undefined ? '' : ` (${e.item})`}: ${e.status}`),
    messages: ended
      .filter((e) => e.module === 'debug' && e.status === 'ok' && e.message !== undefined)
      .map((e) => `${e.host}: ${e.message}`),
  };
}

type End = Extract<Event, { type: 'task_end' }>;

/** Hosts of one task end in any order: sorted by name, so that they can be compared. */
function inHostOrder(ends: End[]): End[] {
  const sorted: End[] = [];
  for (let i = 0; i < ends.length;) {
    let j = i;
    while (j < ends.length && ends[j]!.id === ends[i]!.id) j++;
    sorted.push(...ends.slice(i, j).sort((a, b) => (a.host < b.host ? -1 : a.host > b.host ? 1 : 0)));
    i = j;
  }
  return sorted;
}
