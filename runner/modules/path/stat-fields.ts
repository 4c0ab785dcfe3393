/** For `stat -c`: what {@link statFields} reads, in its order. */
export const STAT_FORMAT = '%a %u %g %h %i %s %X %Y %Z %f//%U//%G//';

/** A line of {@link STAT_FORMAT}, each field a group of its own. */
export const STAT_LINE = String.raw`(\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+) ([0-9a-f]+)\/\/([\s\S]*?)\/\/([\s\S]*?)\/\/`;

/** By the upper bits of st_mode, S_IFMT of POSIX's sys/stat.h: stat's words for them are in the host's language. */
const KINDS: Record<number, string> = {
  0o10: 'isreg',
  0o04: 'isdir',
  0o12: 'islnk',
  0o01: 'isfifo',
  0o14: 'issock',
  0o06: 'isblk',
  0o02: 'ischr',
};
const NAMES = Object.values(KINDS);

/** What a result of `stat` and `find` has of a file, under the names that Ansible's users read. */
export interface StatFields extends Record<string, unknown> {
  size: number;
  atime: number;
  mtime: number;
  ctime: number;
}

/** The fields of a {@link STAT_LINE}. */
export function statFields([
  mode = '',
  uid,
  gid,
  nlink,
  inode,
  size,
  atime,
  mtime,
  ctime,
  raw = '',
  user,
  group,
]: string[]): StatFields {
  const bits = Number.parseInt(mode, 8);
  const kind = Number.parseInt(raw, 16) >> 12;
  const rights = Object.fromEntries(
    [...'rwx'].flatMap((letter, i) =>
      ['usr', 'grp', 'oth'].map((who, j) => [letter + who, (bits & (1 << (8 - 3 * j - i))) !== 0]),
    ),
  );
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
