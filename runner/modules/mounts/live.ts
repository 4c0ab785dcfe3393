import type { Diff } from '../../events.ts';
import { argv, sh } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';
import type { Step } from '../module.ts';
import { runs } from '../net/attribute.ts';
import { isBind, liveOptions, optionDrift, remountOptions } from './options.ts';
import type { MountState, Mounted } from './state.ts';
import type { Wanted } from './wanted.ts';

/** A change of what is mounted now. */
export interface Change {
  diff: Diff[];
  steps: Step[];
  after: Partial<MountState>;
}

/** What is seen at the mount point. */
export function asMounted({ mounts }: MountState): Mounted | undefined {
  return mounts.at(-1);
}

/** Mounts it, or mends what is mounted. */
export function mountChange(wanted: Wanted, state: MountState): Change | undefined {
  const { path, src = '', fstype = '', opts } = wanted;
  const found = asMounted(state);
  if (!found) {
    const made = state.directory ? [] : [{ what: `${path} mount point`, before: null, after: 'directory' }];
    const scripts = [...(state.directory ? [] : [argv('mkdir', '-p', path)]), mount(wanted)];
    return { diff: [...made, { what: path, before: null, after: `${fstype} ${src}, ${opts}` }], steps: runs(scripts), after: mounted(wanted, state) };
  }
  const other = otherThing(wanted, state, found);
  // What is mounted over the wanted only has to go.
  const beneath = state.mounts.at(-2);
  const right = beneath?.source === src && beneath.fstype === fstype;
  if (other.length > 0) return { diff: other, steps: runs([umount(path), ...(right ? [] : [mount(wanted)])]), after: mounted(wanted, state) };
  const shown = [...found.options, ...(isBind(opts) ? [] : found.fileSystem)];
  const drift = optionDrift(opts, shown, found.fstype);
  if (drift.length === 0) return undefined;
  return {
    diff: drift.map(({ name, found: before, wanted: after }) => ({ what: `${path} ${name}`, before, after })),
    steps: runs([remount(wanted)]),
    after: mounted(wanted, state),
  };
}

/** Another file system than the task's. */
function otherThing({ path, src = '', fstype = '', opts }: Wanted, state: MountState, found: Mounted): Diff[] {
  if (isBind(opts)) return state.same ? [] : [{ what: `${path} source`, before: found.source, after: src }];
  const types = [found.fstype, ...(found.fstype === 'nfs4' ? ['nfs'] : [])];
  const type = types.includes(fstype) || fstype === 'auto' ? [] : [{ what: `${path} type`, before: found.fstype, after: fstype }];
  const source = found.source === src || (state.wanted ?? src) === (state.found ?? found.source) ? [] : [{ what: `${path} source`, before: state.found ?? found.source, after: src }];
  return [...type, ...source];
}

/** Unmounts all that is mounted there; `absent` removes the mount point, too, if nothing is in it. */
export function unmounting({ path, state: goal }: Wanted, { mounts }: MountState): Change | undefined {
  const found = mounts.at(-1);
  if (!found) return undefined;
  const diff = [{ what: path, before: `${found.fstype} ${found.source}`, after: null }];
  const rmdir = goal === 'absent' ? [sh`rmdir ${path} 2>/dev/null || :`] : [];
  return { diff, steps: runs([...mounts.map(() => umount(path)), ...rmdir]), after: { mounts: [], directory: goal !== 'absent', same: false } };
}

/** Asks the kernel to take the options again; those of fstab where the task gives none. */
export function remounting({ path }: Wanted, opts: string | undefined): Change {
  const script = argv('mount', '-o', ['remount', ...(opts === undefined ? [] : [opts])].join(','), path);
  return { diff: [{ what: path, before: 'mounted', after: 'remounted' }], steps: runs([script]), after: {} };
}

function mount({ path, src = '', fstype = '', opts }: Wanted): Script {
  const options = liveOptions(opts);
  return argv('mount', ...(fstype === 'none' || isBind(opts) ? [] : ['-t', fstype]), ...(options ? ['-o', options] : []), src, path);
}

/** Some file systems take their options only when they are mounted. */
function remount(wanted: Wanted): Script {
  const { path, src = '', opts } = wanted;
  return sh`mount -o ${remountOptions(opts)} ${src} ${path} || { umount ${path} && ${mount(wanted)}; }`;
}

const umount = (path: string) => argv('umount', path);

function mounted({ src = '', fstype = '', opts }: Wanted, state: MountState): Partial<MountState> {
  const { wanted, mounts } = state;
  const now: Mounted = { source: src, fstype, options: opts.split(','), fileSystem: [] };
  return { mounts: [...mounts.slice(0, -1), now], directory: true, same: isBind(opts), ...(wanted !== undefined && { found: wanted }) };
}
