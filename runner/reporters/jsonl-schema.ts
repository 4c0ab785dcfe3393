import { z } from 'zod';
import { STATUSES } from './text/words.ts';

/** `file:line:col`. */
const place = z.string().regex(/:\d+:\d+$/);
const count = z.number().int().nonnegative();
const hosts = z.array(z.string());
const ms = z.number().nonnegative().describe('milliseconds');
const status = z.enum(STATUSES).describe('in check mode `changed` means: would change');
const diff = z.object({
  what: z.string().describe('a path, or what else changes'),
  before: z.string().nullable().describe('null: it was not there'),
  after: z.string().nullable().describe('null: it is not there any more'),
});
const error = z.object({
  code: z.string(),
  message: z.string(),
  at: place.optional(),
  hint: z.string().optional(),
  rc: z.number().nullable().optional().describe('exit status of the command that failed'),
  stdout: z.string().optional(),
  stderr: z.string().optional(),
});
const ref = { task: z.string(), module: z.string(), at: place, handler: z.boolean().optional() };
const ofHost = { host: z.string(), task: z.string().optional() };
const end = {
  ...ref,
  host: z.string(),
  status,
  duration_ms: ms,
  diff: z.array(diff).optional(),
  show_diff: z.literal(true).optional(),
  error: error.optional(),
  message: z.string().optional(),
  result: z.record(z.string(), z.unknown()).optional().describe('with -v'),
  commands: z.array(z.string()).optional().describe('with -v'),
};
const cell = z.looseObject({ ok: z.boolean().nullable().describe('null: not tried'), text: z.string() });

/** The fields of each type of event, besides those that each line has. */
const FIELDS = {
  run_start: {
    playbooks: z.array(z.string()),
    check: z.boolean(),
    hosts,
    shard: z.object({ number: count, count }).optional().describe('which part of the hosts this controller runs'),
  },
  play_start: {
    play: z.string(),
    at: place,
    hosts,
    tasks: count.optional().describe('as far as they are known before the play runs'),
    skipped: z.literal(true).optional(),
  },
  task_start: { ...ref, hosts },
  host_start: ofHost,
  output: {
    ...ofHost,
    stream: z.enum(['stdout', 'stderr']),
    text: z.string().describe('whole lines, or what a progress bar shows up to a carriage return'),
  },
  sending: { ...ofHost, sent: count, size: count },
  retry: { ...ofHost, attempt: count, retries: count.describe('0: a job that is waited for'), why: z.string() },
  item_end: { ...end, item: z.string().describe('the label of a turn of a loop') },
  task_end: end,
  task_done: ref,
  matrix: { title: z.string(), rows: hosts, columns: hosts, cells: z.array(z.array(cell)) },
  warning: { message: z.string(), at: place.optional(), hint: z.string().optional() },
  run_end: {
    stats: z.record(z.string(), z.record(z.enum(STATUSES), count)).describe('by host'),
    duration_ms: ms,
    interrupted: z.boolean(),
  },
};

const ofEach = {
  ts: z.iso.datetime().describe('when it was reported'),
  run_id: z.string().describe('the same in all lines of a run'),
  version: z.string().describe('the version of xrun'),
};

/** One line of `--jsonl` or `-o jsonl`. Fields may be added; those that are there stay. */
export const eventSchema = z.union(
  Object.entries(FIELDS).map(([type, fields]) => z.object({ type: z.literal(type), ...ofEach, ...fields })),
);
