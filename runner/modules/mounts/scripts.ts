import { TAG, aside } from '../../connection/files/leftovers.ts';
import { argv, raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import type { Mounted } from './mountinfo.ts';
import { inheritedSwitches, remountOptions } from './options.ts';
import type { Wanted } from './wanted.ts';
import { isBind, liveWords, propagationOf } from './words.ts';

/** In these the content goes with the mount. */
const MEMORY = ['tmpfs', 'ramfs'];

/** mount(8) knows only that it failed; the reason is among the kernel's last messages. */
const KERNEL_WORDS = raw(`{ r=$?; dmesg 2>/dev/null | tail -n "+$((k + 1))" | tail -n 5 >&2; (exit $r); }`);

/** Mounts it; `make` is what the mount point has to be made as. One that was made for nothing is removed. */
export function mounting(wanted: Wanted, inherited: readonly string[] = [], make?: 'directory' | 'file'): Script {
  const { path } = wanted;
  const made = make === 'file' ? sh`mkdir -p "$(dirname ${path})" && : >${path}` : argv('mkdir', '-p', path);
  const call = sh`k=$(dmesg 2>/dev/null | wc -l); ${mount(wanted, inherited)} || ${KERNEL_WORDS}`;
  if (make === undefined) return call;
  return sh`${made} && { ${call}; } || { r=$?; ${raw(make === 'file' ? 'rm -f' : 'rmdir')} ${path} 2>/dev/null; exit $r; }`;
}

/** Sets how mounts below it are passed on. */
export function passingOn(path: string, opts: string): Script {
  return argv('mount', `--make-${propagationOf(opts)}`, path);
}

/** Unmounts once; `users` are the processes that would keep it. */
export function unmountingOnce(path: string, users: readonly string[] = []): Script {
  if (users.length === 0) return argv('umount', path);
  return sh`umount ${path} || { r=$?; echo ${`in use by process ${users.slice(0, 5).join(', ')}`} >&2; exit $r; }`;
}

/** Unmounts what is there and mounts the wanted; where that fails the old, kept beside under a name of its own, comes back. */
export function replacing(wanted: Wanted, inherited: readonly string[] = []): Script {
  const { path } = wanted;
  return sh`${raw(TAG)}
t=$(mktemp -d ${raw(aside('mount'))}) || exit
mount --bind ${path} "$t" || { rmdir "$t"; t=; }
umount ${path} || { r=$?; [ -z "$t" ] || { umount "$t"; rmdir "$t"; }; exit $r; }
r=0; { ${mounting(wanted, inherited)}; } || { r=$?; [ -z "$t" ] || mount --bind "$t" ${path}; }
[ -z "$t" ] || { umount "$t" && rmdir "$t"; }
exit $r`;
}

/**
 * Some file systems take their options only when they are mounted. What holds its content in memory is never unmounted
 * for that; of others the old mount comes back where the new one fails.
 */
export function remounting(wanted: Wanted, found: Mounted, inherited: readonly string[] = []): Script {
  const { path, src = '', opts } = wanted;
  const remount = sh`mount -o ${remountOptions(opts, inherited)} ${src} ${path}`;
  if (MEMORY.includes(found.fstype) || isBind(opts)) return remount;
  const old = [...new Set([...found.options, ...found.fileSystem])].join(',');
  const back = argv('mount', '-t', found.fstype, '-o', old, found.source, path);
  return sh`${remount} || { umount ${path} && { ${mount(wanted)} || { r=$?; ${back}; exit $r; }; }; }`;
}

function mount({ path, src = '', fstype = '', opts }: Wanted, inherited: readonly string[] = []): Script {
  const options = [...liveWords(opts), ...inheritedSwitches(opts, inherited)].join(',');
  return argv(
    'mount',
    ...(fstype === 'none' || isBind(opts) ? [] : ['-t', fstype]),
    ...(options ? ['-o', options] : []),
    src,
    path,
  );
}
