import * as z from 'zod';
import { argv, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { flag, path, text } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import type { Diff } from '../../model/events.ts';
import { runs } from '../shared/attribute.ts';
import { byProgram, lacking, linesOf } from '../shared/program.ts';
import type { Lacking } from '../shared/program.ts';
import { sections } from '../shared/sections.ts';

/** The arguments that say which entry is meant. */
interface Entry {
  entry?: string | undefined;
  etype?: 'user' | 'group' | 'mask' | 'other' | undefined;
  entity: string;
  permissions?: string | undefined;
  default: boolean;
}

/** An entry as setfacl(1) has it, all its parts in words. */
const ENTRY = /^(?:(d)(?:efault)?:)?(u|g|m|o)[a-z]*:([^:\s]*)(?::([rwxX-]{0,4}|[0-7]))?$/;
const TYPES = { u: 'user', g: 'group', m: 'mask', o: 'other' } as const;

const args = z
  .strictObject({
    path: path.describe('The file or directory.'),
    state: z
      .enum(['query', 'present', 'absent'])
      .default('query')
      .describe('`query`: only read what is there; `present`, `absent`: whether the entry is.'),
    etype: z.enum(['user', 'group', 'mask', 'other']).optional().describe('Whom the entry concerns.'),
    entity: text.default('').describe('The user or group; empty for the owner and the owning group.'),
    permissions: z
      .string()
      .regex(/^[rwxX-]{1,4}$/, 'expected letters of rwxX')
      .optional()
      .describe('What they may: of `rwx`; `X` is `x` for directories and programs only.'),
    entry: z
      .string()
      .regex(ENTRY, 'expected an entry such as user:joe:rw-')
      .optional()
      .describe('The three in one text: `user:joe:rw-`, `default:group:web:rX`.'),
    default: flag.default(false).describe('The entry that new files in the directory get.'),
    recursive: flag.default(false).describe('Also all that is below.'),
    recalculate_mask: z
      .enum(['default', 'mask', 'no_mask'])
      .default('default')
      .describe('Whether the mask is made anew, so that all entries have effect.'),
    follow: flag.default(true).describe('Follow a link to a directory.'),
    use_nfsv4_acls: flag
      .refine((nfs) => !nfs, 'only POSIX entries can be set, not those of NFSv4')
      .default(false)
      .describe('Not to be had: entries of NFSv4.'),
  })
  .refine(({ entry, etype, permissions, entity }) => entry === undefined || !(etype ?? permissions ?? entity), {
    message: 'give either entry or etype, entity and permissions',
  })
  .refine(
    ({ state, entry, etype }) => (state === 'query') === ((entry ?? etype) === undefined),
    '`present` and `absent` need etype or entry, and `query` takes none',
  )
  .refine((args) => args.state !== 'present' || wantedOf(args).permissions !== undefined, 'give the permissions')
  .refine(({ state, permissions }) => state !== 'absent' || permissions === undefined, 'absent takes no permissions')
  .refine((args) => args.state !== 'absent' || wantedOf(args).entity !== '', 'give the entity that is to have no entry')
  .refine(({ state, recursive }) => state !== 'query' || !recursive, 'only one path can be read at a time');

type Args = z.output<typeof args>;

interface State {
  type: 'absent' | 'file' | 'directory';
  /** Entries as getfacl prints them. */
  acl: string[];
  /** Paths at which setfacl would change something. */
  differ: string[];
  /** Why setfacl does not take the entry. */
  refused?: string;
}

export default defineModule<typeof args, State | Lacking>({
  name: 'acl',
  summary: 'Manage entries of access control lists of files (POSIX)',
  examples: `
- acl: {path: /srv/app, etype: user, entity: deploy, permissions: rwX, recursive: true, state: present}
- acl: {path: /srv/app, entry: 'default:group:web:rX', state: present}
`,
  returns: { acl: 'The entries, as getfacl prints them; before the change in a check.' },
  args,
  synonyms: { name: 'path', recurse: 'recursive' },
  ...byProgram<Args, State>(
    { command: 'setfacl', from: 'the package acl' },
    {
      probe: (args) =>
        sh`p=${args.path}; if [ ! -e "$p" ]; then echo @@absent; else t=file; [ ! -d "$p" ] || t=directory; echo "@@$t"
o=$(${getfacl(args)}) || exit; echo @@acl; printf '%s\\n' "$o"
${args.state !== 'query' && sh`r=0; o=$(${setfacl(args, '--test')} 2>&1) || r=$?; case $r in 0) echo @@test;; 1|2) echo @@refused;; *) exit $r;; esac; printf '%s\\n' "$o"`}
fi`,
      parse,
      decide,
    },
  ),
  result: (_args, steps) => ({ acl: linesOf(steps.at(-1)?.stdout ?? '') }),
});

/** The parts of the entry, however it was given. */
function wantedOf(args: Entry) {
  const { etype, entity, permissions } = args;
  const [, isDefault, type = 'u', who = '', may] = ENTRY.exec(args.entry ?? '') ?? [];
  if (args.entry === undefined) return { type: etype ?? 'user', entity, permissions, isDefault: args.default };
  return {
    type: TYPES[type as keyof typeof TYPES],
    entity: who,
    permissions: may,
    isDefault: args.default || isDefault !== undefined,
  };
}

function setfacl(args: Args, test?: '--test'): Script {
  const { type, entity, permissions, isDefault } = wantedOf(args);
  const entry = args.state === 'absent' ? `${type}:${entity}` : `${type}:${entity}:${permissions}`;
  return argv(
    'setfacl',
    test,
    isDefault && '-d',
    args.recursive && '-R',
    !args.follow && '-P',
    args.recalculate_mask !== 'default' && (args.recalculate_mask === 'mask' ? '--mask' : '--no-mask'),
    args.state === 'absent' ? '-x' : '-m',
    entry,
    '--',
    args.path,
  );
}

const getfacl = ({ path }: Args) => argv('getfacl', '--omit-header', '--absolute-names', '--', path);

/** setfacl says of each path what its lists would become: `PATH: ACCESS,DEFAULT`, a star for one that stays. */
function parse(stdout: string): State {
  const found = sections(stdout);
  if (found.has('absent')) return { type: 'absent', acl: [], differ: [] };
  const type = found.has('directory') ? 'directory' : 'file';
  const acl = linesOf(found.get('acl') ?? '');
  const own = acl.filter((line) => /^(user|group|other)::[rwx-]{3}/.test(line));
  if (own.length < 3) throw new Error('getfacl printed only a part of the list');
  if (found.has('refused')) return { type, acl, differ: [], refused: found.get('refused') as string };
  const tested = linesOf(found.get('test') ?? '');
  if (found.has('test') && !tested.some((line) => /: \S+,\S+$/.test(line)))
    throw new Error('setfacl did not say what it would change');
  const differ = tested.filter((line) => !line.endsWith(': *,*')).map((line) => line.replace(/: \S+$/, ''));
  return { type, acl, differ };
}

function decide(args: Args, state: State, context: DecideContext): Decision<State> {
  const { path } = args;
  const { type, entity, permissions, isDefault } = wantedOf(args);
  const result = { acl: state.acl };
  if (state.type === 'absent') return lacking(context, `${path} does not exist`, 'Make it by a task before.');
  if (isDefault && state.type === 'file' && !args.recursive)
    return { kind: 'fail', message: `${path} is no directory: only those have default entries` };
  if (state.refused !== undefined)
    return lacking(
      context,
      `setfacl does not take the entry ${type}:${entity}: ${state.refused}`,
      'Look whether the user or group exists, and whether the file system has access control lists.',
    );
  if (state.differ.length === 0) return { kind: 'ok', result };
  const key = `${isDefault ? 'default:' : ''}${type}:${entity}:`;
  const before = state.acl
    .find((line) => line.startsWith(key))
    ?.split(/\s/)[0]
    ?.slice(key.length);
  const diff = state.differ.map((one): Diff => ({
    what: `${one} ${key.slice(0, -1)}`,
    before: one === path ? (before ?? null) : null,
    after: args.state === 'absent' ? null : (permissions ?? null),
  }));
  return { kind: 'change', diff, steps: runs([sh`${setfacl(args)} && ${getfacl(args)}`]), result };
}
