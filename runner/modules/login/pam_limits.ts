import * as z from 'zod';
import { flag, path, text } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import { decideEdit, editResource, probeEdit } from '../files/edits/edit.ts';
import { parseAnyFile } from '../path/file-state.ts';
import type { FileState } from '../path/file-state.ts';
import { TextLines } from '../shared/lines.ts';

/** Of limits.conf(5). */
const ITEMS = [
  'core',
  'data',
  'fsize',
  'memlock',
  'nofile',
  'rss',
  'stack',
  'cpu',
  'nproc',
  'as',
  'maxlogins',
  'maxsyslogins',
  'priority',
  'locks',
  'sigpending',
  'msgqueue',
  'nice',
  'rtprio',
  'chroot',
] as const;

const isNumber = (value: string) => /^-?\d+$/.test(value);
const isUnlimited = (value: string) => ['unlimited', 'infinity', '-1'].includes(value);

const args = z
  .strictObject({
    domain: z
      .string()
      .regex(/^[^\s#]+$/, 'expected a user, @group, %group, a range of ids, or *')
      .describe('Whom it limits: a user, `@group`, `*` for all.'),
    limit_type: z
      .enum(['hard', 'soft', '-'])
      .describe('`hard`: not to be exceeded; `soft`: what a session begins with; `-`: both.'),
    limit_item: z.enum(ITEMS).describe('What is limited.'),
    value: text.describe('The limit: a number, or `unlimited`, `infinity` or `-1`.'),
    dest: path.default('/etc/security/limits.conf').describe('The file.'),
    use_min: flag.default(false).describe('Where the file has a smaller limit, that one stays.'),
    use_max: flag.default(false).describe('Where the file has a larger limit, that one stays.'),
    comment: z
      .string()
      .regex(/^[^\r\n]*$/, 'expected one line')
      .default('')
      .describe('A comment at the end of a line that is written.'),
    backup: flag.default(false).describe('Keep the old content beside the new one.'),
  })
  .refine(({ use_min, use_max }) => !use_min || !use_max, 'give either use_min or use_max')
  .refine(({ limit_item, value }) => isLimit(limit_item, value), {
    path: ['value'],
    message: 'expected a number of at least 0, unlimited, infinity or -1; for nice and priority -20 to 19',
  });

type Args = z.output<typeof args>;

function isLimit(item: (typeof ITEMS)[number], value: string): boolean {
  if (item === 'chroot') return /^\/\S*$/.test(value);
  if (item === 'nice' || item === 'priority') return isNumber(value) && Number(value) >= -20 && Number(value) <= 19;
  return isUnlimited(value) || /^\d+$/.test(value);
}

export default defineModule<typeof args, FileState>({
  name: 'pam_limits',
  summary: 'Manage a limit of users and groups in limits.conf',
  notes: ['Sessions that are open keep their limits; services have their own: LimitNOFILE= and the like of systemd.'],
  examples: `
- pam_limits: {domain: postgres, limit_type: '-', limit_item: nofile, value: 65536}
- pam_limits: {domain: '@students', limit_type: hard, limit_item: nproc, value: 200, use_min: true}
`,
  args,
  resource: editResource,
  probe: probeEdit,
  parse: parseAnyFile,
  decide: (args, state, context) =>
    decideEdit({ ...args, create: true }, { change: (text) => withLimit(text, args) }, state, context),
});

/** Each line of this limit gets the value; where there is none, one comes to the end. */
function withLimit(content: string, args: Args): string {
  const split = new TextLines(content);
  const own = split.lines.flatMap((line, i) => {
    const [domain, type, item, value] = line.replace(/#.*/, '').trim().split(/\s+/);
    const same = domain === args.domain && type === args.limit_type && item === args.limit_item;
    return same && value !== undefined ? [{ i, value }] : [];
  });
  for (const { i, value } of own) {
    const wanted = chosen(value, args);
    if (wanted !== value) split.splice(i, 1, [lineOf(wanted, args)]);
  }
  if (own.length === 0) split.splice(split.lines.length, 0, [lineOf(args.value, args)]);
  const changed = split.toString();
  return changed.endsWith('\n') || changed === content ? changed : `${changed}\n`;
}

/** The value that stays: the smaller or larger one where the task says so, else the task's. Unlimited is the largest. */
function chosen(found: string, { value, use_min, use_max }: Args): string {
  const size = (one: string) => (isUnlimited(one) ? Infinity : Number(one));
  if (use_min) return size(found) < size(value) ? found : value;
  if (use_max) return size(found) > size(value) ? found : value;
  return value;
}

function lineOf(value: string, { domain, limit_type, limit_item, comment }: Args): string {
  return [domain, limit_type, limit_item, value, ...(comment === '' ? [] : [`#${comment}`])].join('\t');
}
