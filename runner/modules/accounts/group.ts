import * as z from 'zod';
import { argv } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { setField } from './busybox.ts';
import { accountName } from './name.ts';
import { parseAccounts, probeAccounts } from './account-state.ts';
import type { Accounts, Group } from './account-state.ts';
import { flag, whole } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { Decision } from '../../model/module.ts';
import { runs } from '../shared/attribute.ts';

const args = z
  .strictObject({
    name: accountName('group').describe('Name of the group.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether there is such a group.'),
    gid: whole.optional().describe('Number of the group.'),
    non_unique: flag.default(false).describe('Let `gid` be one that another group has.'),
    system: flag.default(false).describe('A new group gets a number of the range for services.'),
    local: flag
      .default(false)
      .describe(
        "Look into the host's own files only: a group of the same name that a directory service has does not count.",
      ),
    force: flag.default(false).describe('With `state: absent`: remove it even if it is the primary group of a user.'),
  })
  .refine(({ non_unique, gid }) => !non_unique || gid !== undefined, 'non_unique needs gid');

type Args = z.output<typeof args>;

export default defineModule<typeof args, Accounts>({
  name: 'group',
  summary: 'Manage groups',
  notes: [
    "The host's own /etc/group is managed, by groupadd or busybox's addgroup; who is in a group is said by `user`. A group that only a directory service has (getent) is there, and cannot be changed.",
  ],
  examples: `
- group:
    name: app
    gid: 1500
- group: {name: old, state: absent}
`,
  returns: {
    name: 'Its name.',
    gid: 'Its number.',
    state: '`present` or `absent`.',
    system: 'Whether it was asked for as a group of the system.',
  },
  args,
  resource: ({ name }) => `group:${name}`,
  probe: ({ name, local, state, force }) =>
    probeAccounts({ groups: [name], local, primary: state === 'absent' && !force ? name : undefined }),
  parse: parseAccounts,
  decide(args, state) {
    const { name, gid } = args;
    const found = state.groups[name];
    const right = args.state === 'absent' ? !found : found && (gid === undefined || gid === found.gid);
    if (right) return { kind: 'ok', result: resultOf(args, found) };
    if (found?.foreign)
      return {
        kind: 'fail',
        message: `group ${name} is not in /etc/group but in a directory service, and cannot be ${args.state === 'absent' ? 'removed' : `given the gid ${gid}: it is ${found.gid}`}`,
        hint: 'Change it there; `local: true` makes a group of this host beside it.',
      };
    if (args.state === 'absent' && state.primaryOf && !args.force)
      return {
        kind: 'fail',
        message: `group ${name} is the primary group of ${state.primaryOf.slice(0, 5).join(', ')}`,
        hint: 'Give them another one before, or say `force: true`.',
      };
    if (state.tools === 'none')
      return {
        kind: 'fail',
        message: 'this host has neither groupadd nor addgroup',
        hint: 'The package passwd (Debian), shadow-utils or shadow brings groupadd.',
      };
    const other = Object.keys(state.groups).find(
      (one) => one !== name && gid !== undefined && state.groups[one]?.gid === gid,
    );
    if (args.state === 'present' && other && !args.non_unique)
      return {
        kind: 'fail',
        message: `gid ${gid} is the group ${other} already`,
        hint: 'Take another one, or say `non_unique: true`.',
      };
    return change(args, state, found);
  },
  prove: true,
});

function change(args: Args, state: Accounts, found: Group | undefined): Decision<Accounts> {
  const { name, gid } = args;
  const { [name]: _, ...others } = state.groups;
  if (args.state === 'absent') {
    return {
      kind: 'change',
      diff: [{ what: `group ${name}`, before: 'present', after: null }],
      steps: runs([remove(args, state)]),
      after: { ...state, groups: others },
      result: resultOf(args, undefined),
    };
  }
  const group = { gid: gid ?? -1, members: found?.members ?? [] };
  const scripts = found ? renumber(args, state, found) : [create(args, state)];
  const number =
    gid === undefined
      ? []
      : [{ what: `group ${name} gid`, before: found ? String(found.gid) : null, after: String(gid) }];
  return {
    kind: 'change',
    diff: [...(found ? [] : [{ what: `group ${name}`, before: null, after: 'present' }]), ...number],
    steps: runs(scripts),
    after: { ...state, groups: { ...others, [name]: group } },
    result: resultOf(args, group),
  };
}

function create({ name, gid, system, non_unique }: Args, { tools }: Accounts): Script {
  if (tools === 'busybox') return argv('addgroup', system && '-S', ...(gid === undefined ? [] : ['-g', gid]), name);
  return argv('groupadd', system && '-r', non_unique && '-o', ...(gid === undefined ? [] : ['-g', gid]), name);
}

/** Users whose primary group it is keep it: groupmod sees to that, and here the second script. */
function renumber({ name, gid, non_unique }: Args, { tools }: Accounts, found: Group): Script[] {
  if (tools === 'shadow') return [argv('groupmod', non_unique && '-o', '-g', String(gid), name)];
  return [setField('/etc/group', name, 3, String(gid)), setField('/etc/passwd', String(found.gid), 4, String(gid), 4)];
}

function remove({ name, force }: Args, { tools }: Accounts): Script {
  return tools === 'busybox' ? argv('delgroup', name) : argv('groupdel', force && '-f', name);
}

function resultOf({ name, state, system }: Args, group: Group | undefined) {
  return { name, state, system, ...(group && group.gid >= 0 && { gid: group.gid }) };
}
