import { argv } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import type { Mounted } from './mountinfo.ts';
import { isOfRoot } from './options.ts';
import type { OptionDrift } from './options.ts';
import type { MountState } from './mount-state.ts';
import type { Wanted } from './wanted.ts';
import { valuesOf, words } from './words.ts';

/**
 * How the root directory of a tmpfs differs from its options: the kernel takes mode, uid and gid when it is mounted, and no
 * remount changes them, but chmod and chown do.
 */
export function rootDrift(
  { path, opts }: Wanted,
  { root, ids }: MountState,
  found: Mounted,
): { drift: OptionDrift[]; scripts: Script[] } {
  const drift: OptionDrift[] = [];
  const scripts: Script[] = [];
  for (const [name, value] of root === undefined ? [] : valuesOf(words(opts))) {
    if (!isOfRoot(name, found.fstype) || root === undefined) continue;
    const is = name === 'mode' ? root.mode : String(root[name as 'uid' | 'gid']);
    const wanted = name === 'mode' ? Number.parseInt(value, 8).toString(8) : String(ids[`${name}:${value}`] ?? value);
    if (is === wanted) continue;
    drift.push({ name, found: `${name}=${is}`, wanted: `${name}=${value}` });
    scripts.push(
      name === 'mode'
        ? argv('chmod', wanted, path)
        : name === 'uid'
          ? argv('chown', wanted, path)
          : argv('chgrp', wanted, path),
    );
  }
  return { drift, scripts };
}
