import * as z from 'zod';
import { fileResource } from '../path/file-state.ts';
import type { FileState } from '../path/file-state.ts';
import { absolutePath, flag, path, text, whole } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { asMounted, mountChange, mountingAgain, unmounting } from './live.ts';
import type { Change } from './live.ts';
import { fstabChange } from './kept.ts';
import { refuseFstab, refuseMount, refuseUnmount } from './refuse.ts';
import { parseMount, probeMount } from './mount-state.ts';
import type { MountState } from './mount-state.ts';
import type { Wanted } from './wanted.ts';

const mountPoint = z.union(
  [
    z.enum(['none', 'swap']),
    absolutePath.refine((value) => !value.includes('\n'), 'a mount point has no line break in its name'),
  ],
  'expected an absolute path; none for a swap area',
);

const args = z
  .strictObject({
    path: mountPoint.optional().describe('The mount point; `name` is another word for it.'),
    name: mountPoint.optional().describe('The same as `path`.'),
    state: z
      .enum(['mounted', 'present', 'unmounted', 'absent', 'absent_from_fstab', 'remounted', 'ephemeral'])
      .describe(
        '`mounted`: now and at boot; `present`: at boot; `ephemeral`: now; `unmounted`: not now; `absent`: neither, and no mount point; `absent_from_fstab`: not at boot; `remounted`: mount it again, every time.',
      ),
    src: text.optional().describe('Device, directory, UUID=..., LABEL=... or HOST:PATH to mount.'),
    fstype: z
      .string()
      .regex(/^[\w.-]+$/, 'expected a type of file system')
      .optional()
      .describe('Type of the file system.'),
    opts: z
      .string()
      .regex(/^[^\s\0]+$/, 'expected options with commas between')
      .optional()
      .describe('Options as fstab(5) has them; `defaults` where not given.'),
    dump: whole.default(0).describe('Whether dump(8) saves it.'),
    passno: whole.default(0).describe('In which pass it is checked at boot; 0: never.'),
    boot: flag.default(true).describe('Whether to mount it at boot; false adds the option `noauto`.'),
    fstab: path.default('/etc/fstab').describe('The file of what is mounted at boot.'),
    backup: flag.default(false).describe('Keep the old file beside the new one.'),
  })
  .superRefine((args, issues) => {
    const wrong = (message: string, ...at: string[]) => issues.addIssue({ code: 'custom', message, path: at });
    if ((args.path === undefined) === (args.name === undefined)) wrong('give the path of the mount point');
    const made = ['mounted', 'present', 'ephemeral'].includes(args.state);
    if (made && args.src === undefined) wrong(`state ${args.state} needs src`, 'src');
    if (made && args.fstype === undefined) wrong(`state ${args.state} needs fstype`, 'fstype');
    if (args.src?.includes('\n')) wrong('expected one line', 'src');
    const swap = args.fstype === 'swap' || ['none', 'swap'].includes(args.path ?? args.name ?? '');
    if (swap && !['present', 'absent', 'absent_from_fstab'].includes(args.state))
      wrong('a swap area is not mounted: give present or absent', 'state');
    if (swap && args.src === undefined) wrong('a swap area is found by its src', 'src');
  });

type Args = z.output<typeof args>;

export default defineModule<typeof args, MountState>({
  name: 'mount',
  summary: 'Manage what is mounted, now and at boot',
  notes: [
    'The line of fstab is compared field by field. Of what is mounted the source, the type and all options that the kernel shows are compared; those that it does not show, only in fstab.',
    'Options are compared as the kernel means them: `size=50%`, `hidepid=2`, `mode=755`, `uid=www-data` and `subvol=@home` are found again in what it shows.',
    'Options are changed by a remount; another source or type by unmounting and mounting, and where that fails the old one comes back. What holds its content in memory (tmpfs) is never unmounted for an option.',
    'Where something is mounted below, or a process keeps it in use, it is not unmounted: the error names them.',
  ],
  examples: `
- mount:
    path: /srv/data
    src: UUID=b3e48f45-f933-4c8e-a700-22a159ec9077
    fstype: ext4
    opts: noatime,nofail
    state: mounted
- mount: {path: /srv/scratch, src: tmpfs, fstype: tmpfs, opts: 'size=64m,mode=0700', state: ephemeral}
- mount: {path: /mnt/old, state: absent}
`,
  returns: {
    name: 'The mount point.',
    src: 'The device.',
    fstype: 'The file system.',
    opts: 'Its options.',
    dump: 'For dump.',
    passno: 'For fsck.',
    fstab: 'The table of file systems.',
    boot: 'Whether it is mounted at a boot.',
  },
  args,
  resource: (args) => `mount:${pathOf(args)}`,
  probe: (args) =>
    probeMount({
      ...args,
      path: pathOf(args),
      src: args.src,
      fstype: args.fstype,
      opts: args.opts,
      leaves: ['absent', 'unmounted'].includes(args.state),
    }),
  parse: parseMount,
  decide,
  prove: true,
});

function pathOf({ path, name }: Pick<Args, 'path' | 'name'>): string {
  return (path ?? name) as string;
}

function decide(args: Args, seen: MountState, context: DecideContext): Decision<MountState> {
  // An earlier task of this check or guarded block may have planned another line of the same file.
  const planned = context.planned(fileResource(args.fstab)) as FileState | undefined;
  const state = planned ? { ...seen, fstab: planned } : seen;
  const wanted: Wanted = {
    ...args,
    path: pathOf(args),
    opts: [args.opts ?? 'defaults', ...(args.boot ? [] : ['noauto'])].join(','),
  };
  const refused = refuse(wanted, state, context);
  if (refused) return refused;
  const live = liveChange(wanted, args.opts, state, context);
  const kept = ['unmounted', 'remounted', 'ephemeral'].includes(args.state)
    ? undefined
    : fstabChange(wanted, state.fstab);
  const result = {
    name: wanted.path,
    src: args.src,
    fstype: args.fstype,
    opts: wanted.opts,
    dump: String(args.dump),
    passno: String(args.passno),
    fstab: args.fstab,
    boot: args.boot ? 'yes' : 'no',
  };
  const diff = [...(live?.diff ?? []), ...(kept?.diff ?? [])];
  if (diff.length === 0) return { kind: 'ok', result };
  const after = { ...state, ...live?.after, ...(kept && { fstab: kept.after }) };
  return {
    kind: 'change',
    diff,
    steps: [...(live?.steps ?? []), ...(kept?.steps ?? [])],
    after,
    ...(kept && { plans: { [fileResource(args.fstab)]: kept.after } }),
    result,
  };
}

function liveChange(
  wanted: Wanted,
  opts: string | undefined,
  state: MountState,
  context: DecideContext,
): Change | undefined {
  switch (wanted.state) {
    case 'mounted':
    case 'ephemeral':
      return mountChange(wanted, state);
    case 'absent':
    case 'unmounted':
      return unmounting(wanted, state);
    case 'remounted':
      return context.applied ? undefined : mountingAgain(wanted, opts);
    default:
      return undefined;
  }
}

function refuse(wanted: Wanted, state: MountState, context: DecideContext): Decision<MountState> | undefined {
  const { path, state: goal } = wanted;
  if (goal === 'remounted' && !asMounted(state)) {
    if (context.check) return { kind: 'unknown', why: `nothing is mounted at ${path} yet`, steps: [] };
    return { kind: 'fail', message: `nothing is mounted at ${path}`, hint: 'Use `state: mounted`.' };
  }
  return (
    refuseFstab(wanted, state, context) ?? refuseMount(wanted, state, context) ?? refuseUnmount(wanted, state, context)
  );
}
