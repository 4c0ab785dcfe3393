import { posix } from 'node:path';
import * as z from 'zod';
import type { Diff } from '../../model/events.ts';
import { argv, sh, withStdin } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { flag, text } from '../../model/arguments/scalars.ts';
import { crontabCommand, parseCrontab, probeCrontab } from './cron/cron-state.ts';
import type { Crontab } from './cron/cron-state.ts';
import { variableLine } from './cron/line.ts';
import { lineOf, namesOf, withEntry } from './cron/table.ts';
import type { Entry } from './cron/table.ts';
import { timeProblem, TIMES } from './cron/times.ts';
import type { Time } from './cron/times.ts';
import { EDIT_LIMIT, fileResource, sha256 } from '../path/file-state.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision, Step } from '../../model/module.ts';

const field = (what: string) => text.default('*').describe(what);
const oneLine = (what: string) =>
  z
    .string()
    .regex(/^[^\n\r]+$/, 'expected one line')
    .describe(what);
/** One line; that a block of YAML ends in a line break does not make a second one. */
const command = text
  .transform((value) => value.replace(/[\r\n]+$/, ''))
  .refine((value) => !/[\n\r\0]/.test(value), 'expected one line: cron would take what follows for another entry');
const times = Object.keys(TIMES) as Time[];

const args = z
  .strictObject({
    name: oneLine('Name of the job, written in a remark before it; with `env`, of the variable.'),
    job: command
      .describe('The command; with `env`, the value, which may be empty. `value` is another word for it.')
      .optional(),
    value: command.describe('The same as `job`.').optional(),
    state: z.enum(['present', 'absent']).default('present').describe('Whether the job or variable is there.'),
    user: z
      .string()
      .regex(/^[\w.-]+\$?$/, 'expected the name of a user')
      .optional()
      .describe('Whose crontab; in a `cron_file`, who runs the job. Where not given: the user who logs in.'),
    cron_file: z
      .string()
      .regex(/^\/?[\w./-]+$/, 'expected a path, or the name of a file in /etc/cron.d')
      .optional()
      .describe("A file instead of the user's crontab; without a slash in front, one in /etc/cron.d."),
    minute: field('Minute, 0 to 59.'),
    hour: field('Hour, 0 to 23.'),
    day: field('Day of the month, 1 to 31.'),
    month: field('Month, 1 to 12.'),
    weekday: field('Day of the week, 0 to 6 from Sunday.'),
    special_time: z
      .enum(['annually', 'daily', 'hourly', 'monthly', 'reboot', 'weekly', 'yearly'])
      .optional()
      .describe('Instead of the five times above.'),
    disabled: flag.default(false).describe('Keep the job, but as a remark.'),
    env: flag.default(false).describe('It is a variable of the table, not a job.'),
    insertafter: z.string().optional().describe('With `env`: a new variable goes behind this one.'),
    insertbefore: z
      .string()
      .optional()
      .describe('With `env`: a new variable goes before this one; at the top where neither is given.'),
    backup: flag.default(false).describe('Keep the old content of a `cron_file` beside the new one.'),
  })
  .superRefine((args, issues) => {
    const wrong = (message: string, ...path: string[]) => issues.addIssue({ code: 'custom', message, path });
    for (const time of times) {
      const problem = timeProblem(time, args[time]);
      if (problem !== undefined) wrong(problem, time);
    }
    if (args.job !== undefined && args.value !== undefined) wrong('give either job or value', 'value');
    if (args.state === 'present' && jobOf(args) === undefined) wrong('give the job');
    if (args.state === 'present' && !args.env && jobOf(args)?.trim() === '')
      wrong('expected a command; only a variable may be empty', 'job');
    if (args.env && variableLine(args.name, jobOf(args) ?? '') === undefined)
      wrong('cron cannot hold a value with both kinds of quotes in it', 'job');
    if (args.special_time && times.some((time) => args[time] !== '*'))
      wrong('give either special_time or times', 'special_time');
    if (args.cron_file && args.state === 'present' && !args.env && !args.user)
      wrong('a cron_file needs the user who runs the job');
    if (args.env && args.disabled) wrong('a variable cannot be disabled', 'disabled');
    if (args.env && !/^[A-Za-z_]\w*$/.test(args.name)) wrong('expected the name of a variable', 'name');
    if (!args.env && (args.insertafter ?? args.insertbefore) !== undefined)
      wrong('insertafter and insertbefore are for variables');
    if (args.insertafter !== undefined && args.insertbefore !== undefined)
      wrong('give either insertafter or insertbefore');
    if (args.backup && !args.cron_file) wrong('backup is for a cron_file', 'backup');
  });

type Args = z.output<typeof args>;

export default defineModule<typeof args, Crontab>({
  name: 'cron',
  summary: 'Manage a job or a variable of a crontab',
  notes: [
    'Jobs are found by the remark that Ansible writes before them, too: `#Ansible: NAME`.',
    'A table in which nothing is left is removed. A `%` in a job has to be escaped, as cron wants it.',
  ],
  examples: `
- cron:
    name: renew certificates
    minute: 30
    hour: 4
    job: /usr/bin/certbot renew --quiet
- cron:
    name: clean up
    special_time: daily
    user: root
    cron_file: clean-up
    job: find /var/tmp -mtime +30 -delete
- cron: {name: MAILTO, env: true, job: ops@example.net, user: root, cron_file: clean-up}
`,
  returns: {
    jobs: 'Names of the jobs in the table.',
    envs: 'Names of its variables.',
    state: '`present` or `absent`.',
    cron_file: 'The file of jobs, where it is not the table of a user.',
  },
  args,
  resource: (args) => resourceOf(args),
  probe: (args) => probeCrontab(fileOf(args), args.user),
  parse: (probe, args) => parseCrontab(probe, fileOf(args)),
  decide,
  prove: true,
});

function fileOf({ cron_file: file }: Pick<Args, 'cron_file'>): string | undefined {
  return file === undefined ? undefined : posix.resolve('/etc/cron.d', file);
}

function jobOf({ job, value }: { job?: string | undefined; value?: string | undefined }): string | undefined {
  return job ?? value;
}

function resourceOf(args: Args): string {
  const file = fileOf(args);
  return file === undefined ? `crontab:${args.user ?? ''}` : fileResource(file);
}

function entryOf(args: Args): Entry {
  const { name, env, insertafter, insertbefore } = args;
  return { name, env, line: args.state === 'present' ? wantedLine(args) : undefined, insertafter, insertbefore };
}

function wantedLine(args: Args): string {
  const job = jobOf(args) as string;
  if (args.env) return variableLine(args.name, job) as string;
  const time = args.special_time ? `@${args.special_time}` : times.map((one) => args[one]).join(' ');
  return `${args.disabled ? '#' : ''}${time} ${args.cron_file ? `${args.user} ` : ''}${job}`;
}

function decide(args: Args, state: Crontab, context: DecideContext): Decision<Crontab> {
  const refused = refuse(args, state, context);
  if (refused) return refused;
  const entry = entryOf(args);
  const content = state.content ?? '';
  const changed = withEntry(entry, content);
  const path = fileOf(args);
  const mode = path !== undefined && args.state === 'present' && state.mode ? tight(state.mode) : state.mode;
  const result = { ...namesOf(changed), state: args.state, ...(args.cron_file && { cron_file: args.cron_file }) };
  if (changed === content && mode === state.mode) return { kind: 'ok', result };
  const what = `${args.env ? 'variable' : 'job'} ${args.name} in ${path ?? `the crontab${args.user ? ` of ${args.user}` : ''}`}`;
  const diff: Diff[] = changed === content ? [] : [difference(what, entry, content)];
  if (mode !== state.mode) diff.push({ what: `${path} mode`, before: state.mode ?? null, after: mode ?? null });
  const after: Crontab =
    changed === ''
      ? { type: 'absent' }
      : {
          ...state,
          ...(mode && { mode }),
          type: 'file',
          content: changed,
          sha256: sha256(changed),
          size: Buffer.byteLength(changed),
        };
  return {
    kind: 'change',
    diff,
    steps: [path === undefined ? install(args, changed) : write(args, changed, { ...state, ...(mode && { mode }) })],
    after,
    result,
  };
}

function difference(what: string, entry: Entry, content: string): Diff {
  const before = lineOf(entry, content) ?? null;
  const after = entry.line ?? null;
  if (before !== after) return { what, before, after };
  if (before === null) return { what: `${what}: mark without a job`, before: 'there', after: null };
  return content.endsWith('\n')
    ? { what: `${what}, again`, before, after: null }
    : { what: `${what}: the last line break of the table`, before: 'missing', after: 'there' };
}

function refuse(args: Args, state: Crontab, context: DecideContext): Decision<Crontab> | undefined {
  const path = state.real ?? fileOf(args);
  if (state.trouble !== undefined) {
    const { trouble } = state;
    if (context.check && (context.planned(`user:${args.user}`) ?? context.planned('package:cron')))
      return { kind: 'unknown', why: 'the crontab cannot be read yet', steps: [] };
    const missing = /not found|exit status 127/.test(trouble);
    return {
      kind: 'fail',
      message: `the crontab${args.user ? ` of ${args.user}` : ''} cannot be read: ${trouble.split('\n').at(-1)}`,
      ...(missing && { hint: 'Install the package cron (Debian) or cronie.' }),
    };
  }
  if (state.type !== 'absent' && state.content === undefined) {
    return {
      kind: 'fail',
      message: `${path} is not text of up to ${EDIT_LIMIT / 1024} KiB that this user may read`,
      hint: 'Use `become: true`, or look at it on the host.',
    };
  }
  if (path !== undefined && state.parent === 'absent' && args.state === 'present') {
    return {
      kind: 'fail',
      message: `the directory ${posix.dirname(path)} does not exist`,
      hint: 'Install a cron that reads it, or make it by file: {state: directory}.',
    };
  }
  return undefined;
}

/** cron reads a file of /etc/cron.d only where no other user than its owner may write it. */
const tight = (mode: string) => (Number.parseInt(mode, 8) & ~0o022).toString(8).padStart(4, '0');

function write(args: Args, content: string, state: Crontab): Step {
  const path = state.real ?? (fileOf(args) as string);
  const { mode = '0644', owner, group } = state;
  if (content === '') return { do: 'run', script: removal(path, args.backup), touches: [path] };
  return {
    do: 'put',
    file: {
      path,
      content: Buffer.from(content),
      mode,
      ...(owner && { owner }),
      ...(group && { group }),
      ...(args.backup && state.type === 'file' && { backup: true }),
    },
  };
}

function removal(path: string, backup: boolean): Script {
  return backup ? sh`mv ${path} ${path}.$(date +%Y%m%dT%H%M%S)~` : argv('rm', '-f', path);
}

/** The command checks the table before it takes it. */
function install({ user }: Args, content: string): Step {
  if (content === '') return { do: 'run', script: argv(crontabCommand(user), '-r') };
  return { do: 'run', script: withStdin(argv(crontabCommand(user), '-'), content) };
}
