/** For `stat -c`: what {@link statFields} reads, in its order. */
export const STAT_FORMAT = '%a %u %g %h %i %s %X %Y %Z %F//%U//%G//';

/** A line of {@link STAT_FORMAT}, each field a group of its own. */
export const STAT_LINE = String.raw`(\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+) ([^/]*)\/\/([\s\S]*?)\/\/([\s\S]*?)\/\/`;

const KINDS: Record<string, string> = { 'regular file': 'isreg', 'regular empty file': 'isreg', directory: 'isdir', 'symbolic link': 'islnk', fifo: 'isfifo', socket: 'issock', 'block special file': 'isblk', 'character special file': 'ischr' };
const NAMES = [...new Set(Object.values(KINDS))];

/** What a result of `stat` and `find` has of a file, under the names that Ansible's users read. */
export interface StatFields extends Record<string, unknown> {
  size: number;
  atime: number;
  mtime: number;
  ctime: number;
}

/** The fields of a {@link STAT_LINE}. */
export function statFields([mode = '', uid, gid, nlink, inode, size, atime, mtime, ctime, kind = '', user, group]: string[]): StatFields {
  const bits = Number.parseInt(mode, 8);
  const rights = Object.fromEntries([...'rwx'].flatMap((letter, i) => ['usr', 'grp', 'oth'].map((who, j) => [letter + who, (bits & (1 << (8 - 3 * j - i))) !== 0])));
  return {
    mode: mode.padStart(4, '0'),
    ...Object.fromEntries(NAMES.map((name) => [name, KINDS[kind] === name])),
    ...rights,
    isuid: (bits & 0o4000) !== 0,
    isgid: (bits & 0o2000) !== 0,
    uid: Number(uid),
    gid: Number(gid),
    pw_name: user,
    gr_name: group,
    size: Number(size),
    inode: Number(inode),
    nlink: Number(nlink),
    atime: Number(atime),
    mtime: Number(mtime),
    ctime: Number(ctime),
  };
}
