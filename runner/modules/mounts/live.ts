import type { Diff } from '../../model/events.ts';
import { argv, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import type { Step } from '../../model/module.ts';
import { runs } from '../shared/attribute.ts';
import type { Mounted } from './mountinfo.ts';
import { optionDrift, propagationDrift, shownOptions } from './options.ts';
import type { OptionDrift } from './options.ts';
import { rootDrift } from './root.ts';
import { sameType, sameSource, sameVolume } from './source.ts';
import type { MountState } from './mount-state.ts';
import { mounting, passingOn, remounting, replacing, unmountingOnce } from './scripts.ts';
import type { Wanted } from './wanted.ts';
import { isBind, propagationOf } from './words.ts';

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

/** Mounts it, or corrects what is mounted. */
export function mountChange(wanted: Wanted, state: MountState): Change | undefined {
  const { path, src = '', fstype = '', opts } = wanted;
  const found = asMounted(state);
  const pass = propagationOf(opts) === undefined ? [] : [passingOn(path, opts)];
  if (!found) {
    const kind = isBind(opts) && state.source === 'file' ? 'file' : 'directory';
    const made = state.point === 'absent' ? [{ what: `${path} mount point`, before: null, after: kind }] : [];
    return {
      diff: [...made, { what: path, before: null, after: `${fstype} ${src}, ${opts}` }],
      steps: runs([mounting(wanted, state.origin?.options, state.point === 'absent' ? kind : undefined), ...pass]),
      after: mounted(wanted, state),
    };
  }
  const other = otherThing(wanted, state, found);
  if (other.length > 0) {
    // What is mounted over the wanted only has to go.
    const beneath = state.mounts.at(-2);
    const right = beneath?.source === src && beneath.fstype === fstype;
    return {
      diff: other,
      steps: runs(right ? [unmountingOnce(path)] : [replacing(wanted, state.origin?.options), ...pass]),
      after: mounted(wanted, state),
    };
  }
  return correction(wanted, state, found);
}

function correction(wanted: Wanted, state: MountState, found: Mounted): Change | undefined {
  const { path, opts } = wanted;
  const drift = optionDrift(opts, shownOptions(opts, found), {
    fstype: found.fstype,
    inherited: state.origin?.options,
    memory: state.memory,
    ids: state.ids,
  });
  const root = rootDrift(wanted, state, found);
  const passed = propagationDrift(opts, found.propagation);
  const all: OptionDrift[] = [...drift, ...root.drift, ...(passed ? [passed] : [])];
  if (all.length === 0) return undefined;
  return {
    diff: all.map(({ name, found: before, wanted: after }) => ({ what: `${path} ${name}`, before, after })),
    steps: runs([
      ...(drift.length > 0 ? [remounting(wanted, found, state.origin?.options)] : []),
      ...root.scripts,
      ...(passed ? [passingOn(path, opts)] : []),
    ]),
    after: mounted(wanted, state),
  };
}

/** Another file system than the task's. */
function otherThing({ path, src = '', fstype = '', opts }: Wanted, state: MountState, found: Mounted): Diff[] {
  if (isBind(opts)) return state.same ? [] : [{ what: `${path} source`, before: found.source, after: src }];
  const type = sameType(found.fstype, fstype) ? [] : [{ what: `${path} type`, before: found.fstype, after: fstype }];
  const source = sameSource(src, state, found)
    ? []
    : [{ what: `${path} source`, before: state.found ?? found.source, after: src }];
  const volume = sameVolume(opts, found.fileSystem);
  return [
    ...type,
    ...source,
    ...(volume ? [{ what: `${path} ${volume.name}`, before: volume.found, after: volume.wanted }] : []),
  ];
}

/** Unmounts all that is mounted there; `absent` removes the mount point, too, if nothing is in it. */
export function unmounting({ path, state: goal }: Wanted, { mounts, users }: MountState): Change | undefined {
  const found = mounts.at(-1);
  if (!found) return undefined;
  const diff = [{ what: path, before: `${found.fstype} ${found.source}`, after: null }];
  const rmdir = goal === 'absent' ? [sh`rmdir ${path} 2>/dev/null || :`] : [];
  return {
    diff,
    steps: runs([...mounts.map(() => unmountingOnce(path, users)), ...rmdir]),
    after: { mounts: [], point: goal === 'absent' ? 'absent' : 'directory', same: false, users: [] },
  };
}

/** Asks the kernel to take the options again; those of fstab where the task gives none. */
export function mountingAgain({ path }: Wanted, opts: string | undefined): Change {
  const script: Script = argv('mount', '-o', ['remount', ...(opts === undefined ? [] : [opts])].join(','), path);
  return { diff: [{ what: path, before: 'mounted', after: 'remounted' }], steps: runs([script]), after: {} };
}

function mounted({ path, src = '', fstype = '', opts }: Wanted, state: MountState): Partial<MountState> {
  const { wanted, mounts } = state;
  const now: Mounted = { path, source: src, fstype, options: opts.split(','), fileSystem: [], propagation: [] };
  return {
    mounts: [...mounts.slice(0, -1), now],
    point: 'directory',
    same: isBind(opts),
    ...(wanted !== undefined && { found: wanted }),
  };
}
