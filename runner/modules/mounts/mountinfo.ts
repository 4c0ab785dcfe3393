import { unescaped } from './fstab.ts';
import { words } from './words.ts';

/** What is mounted at a place, from a line of /proc/self/mountinfo: see proc(5). */
export interface Mounted {
  /** The mount point. */
  path: string;
  source: string;
  fstype: string;
  /** Options of this mount. */
  options: string[];
  /** Options of the file system, whose other mounts have them too. */
  fileSystem: string[];
  /** How mounts below it are passed on: `shared:N`, `master:N`, `unbindable`; private where there is none. */
  propagation: string[];
}

/** A line of mountinfo. Throws a plain Error for one that is not whole. */
export function parseMountinfo(line: string): Mounted {
  const [mount = '', fileSystem] = line.split(' - ');
  const [, , , , path, options, ...propagation] = mount.split(' ');
  const [fstype, source, superOptions] = fileSystem?.split(' ') ?? [];
  if (
    path === undefined ||
    options === undefined ||
    fstype === undefined ||
    source === undefined ||
    superOptions === undefined
  ) {
    throw new Error(`unexpected line in /proc/self/mountinfo: ${line}`);
  }
  return {
    path: unescaped(path),
    source: unescaped(source),
    fstype,
    options: options.split(','),
    fileSystem: words(superOptions).map(unescaped),
    propagation,
  };
}
