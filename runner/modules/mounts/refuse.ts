import { refusePlacement } from '../path/placement.ts';
import { fileResource } from '../path/file-state.ts';
import type { FileState } from '../path/file-state.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import type { MountState } from './mount-state.ts';
import type { Wanted } from './wanted.ts';
import { isBind } from './words.ts';

type Refusal = Decision<MountState> | undefined;

/** Why fstab cannot be written; undefined where it can, or need not be. */
export function refuseFstab(
  { fstab, state: goal }: Wanted,
  { fstab: file }: MountState,
  context: DecideContext,
): Refusal {
  if (['unmounted', 'remounted', 'ephemeral'].includes(goal)) return undefined;
  if (file.type !== 'absent' && file.content === undefined) {
    return {
      kind: 'fail',
      message: `${fstab} is not a text that this user may read`,
      hint: 'Use `become: true`, or look at it on the host.',
    };
  }
  // An absent line is not in a file that does not exist.
  return file.type === 'absent' && !goal.startsWith('absent')
    ? (refusePlacement(fstab, file, context) as Refusal)
    : undefined;
}

/** What mount(8) would trip over; undefined where nothing is in the way, or where it is mounted. */
export function refuseMount(wanted: Wanted, state: MountState, context: DecideContext): Refusal {
  if (!['mounted', 'ephemeral'].includes(wanted.state) || state.mounts.length > 0) return undefined;
  return refusePoint(wanted, state, context) ?? refuseSource(wanted, state, context);
}

function refusePoint({ path, opts }: Wanted, { point, blocked, source }: MountState, context: DecideContext): Refusal {
  const file = isBind(opts) && source === 'file';
  if (blocked !== undefined)
    return { kind: 'fail', message: `the mount point ${path} cannot be made: ${blocked} is not a directory` };
  if (point === 'dangling')
    return {
      kind: 'fail',
      message: `the mount point ${path} is a symbolic link that leads nowhere`,
      hint: 'Remove the link, or name the directory that it is to lead to.',
    };
  if (point === 'absent' || point === (file ? 'file' : 'directory') || (file && point === 'other')) return undefined;
  if (isPlanned(path, context)) return undefined;
  return {
    kind: 'fail',
    message: `the mount point ${path} is ${point === 'directory' ? 'a directory, but the source is a file' : 'not a directory'}`,
    hint: 'Remove it, or choose another mount point.',
  };
}

function refuseSource(wanted: Wanted, state: MountState, context: DecideContext): Refusal {
  const { src = '', fstype = '', opts } = wanted;
  const { source, holder, format, unknownType } = state;
  const missing = source === 'absent' && !isPlanned(src, context);
  // A command that a check does not run may make a device or a file system, a package may bring the type.
  const problem = missing
    ? `${src} does not exist`
    : unknownType
      ? `this host's kernel does not know the file system ${fstype}, and no mount.${fstype} is installed`
      : undefined;
  if (problem !== undefined) {
    if (context.check) return { kind: 'unknown', why: `${problem} yet`, steps: [] };
    // The kernel may know better than this look at it.
    return missing ? { kind: 'fail', message: problem, hint: 'Look for its name with `lsblk -f`.' } : undefined;
  }
  if (source === 'block' && holder !== undefined)
    return { kind: 'fail', message: `${src} is in use already: ${holder} is built on it` };
  if (isBind(opts) || format === undefined || ['auto', 'none'].includes(fstype) || family(format) === family(fstype))
    return undefined;
  const other = `${src} holds ${format}, not ${fstype}`;
  return context.check
    ? { kind: 'unknown', why: `${other}, by now`, steps: [] }
    : { kind: 'fail', message: other, hint: `Give fstype: ${format}, or make the file system before.` };
}

/** One driver mounts all of a family. */
const family = (type: string) =>
  type
    .replace(/^(ext)[234].*$/, '$1')
    .replace(/^msdos$/, 'vfat')
    .replace(/^ntfs.*$/, 'ntfs');

/** What umount(8) would trip over. */
export function refuseUnmount(
  { path, state: goal }: Wanted,
  { mounts, below, users }: MountState,
  context: DecideContext,
): Refusal {
  if (!['absent', 'unmounted'].includes(goal) || mounts.length === 0) return undefined;
  const left = below.filter((one) => (context.planned(`mount:${one}`) as MountState | undefined)?.mounts.length !== 0);
  if (left.length > 0)
    return {
      kind: 'fail',
      message: `${path} cannot be unmounted: ${left.slice(0, 5).join(', ')} ${left.length === 1 ? 'is' : 'are'} mounted below it`,
      hint: 'Unmount what is below before.',
    };
  // In a run the kernel decides: a process may have gone meanwhile.
  if (context.check && users.length > 0)
    return {
      kind: 'fail',
      message: `${path} cannot be unmounted: it is in use by process ${users.slice(0, 5).join(', ')}`,
    };
  return undefined;
}

function isPlanned(path: string, context: DecideContext): boolean {
  const planned = context.planned(fileResource(path)) as FileState | undefined;
  return planned !== undefined && planned.type !== 'absent';
}
