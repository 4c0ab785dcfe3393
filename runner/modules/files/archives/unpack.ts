import { raw } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import type { LocalTree } from '../../../model/local-file.ts';

/**
 * Defines `unpack ARCHIVE DIRECTORY`, which makes DIRECTORY/tree of the archive, and DIRECTORY/names of its members'
 * names. It is for a new, empty directory, where links cannot lead it astray. The first bytes show what the archive is;
 * a tar is unpacked by tar behind the program that undoes its compression, since busybox's tar does not look for itself.
 * Names that lead out of the directory are refused; why it failed is on stderr.
 */
export const UNPACK: Script = raw(`unpack() {
export LC_ALL=C; umask 022; mkdir "$2/tree" || return
case $(od -An -tx1 -N4 <"$1" | tr -d ' \\n') in
504b*) c=unzip ;; 1f8b*) c=gzip ;; 425a68*) c=bzip2 ;; fd377a58) c=xz ;; 28b52ffd) c=zstd ;; *) c=cat ;;
esac
command -v $c >/dev/null 2>&1 || { echo "the archive needs $c to be unpacked, which is not there" >&2; return 1; }
if [ $c = unzip ]; then
LC_ALL=C.UTF-8 unzip -qo "$1" -d "$2/tree" </dev/null >&2; [ $? -le 1 ] || return 1
LC_ALL=C.UTF-8 unzip -l "$1" | sed -n 's/^ *[0-9][0-9]*  *[0-9][-0-9]*  *[0-9][0-9]*:[0-9]*  *//p' >"$2/names" || return
else
[ $c = cat ] || c="$c -dc"
s=$({ { $c <"$1"; echo $? >&3; } | { TAR_OPTIONS=--quoting-style=literal tar -xpov -f - -C "$2/tree" >"$2/names"; echo $? >&3; cat >/dev/null; }; } 3>&1)
case $s in *[1-9]*) echo 'it is not a tar or zip archive, or it is damaged or not safe to unpack' >&2; return 1 ;; esac
fi
if grep -E '^/|(^|/)\\.\\.(/|$)' "$2/names" >&2; then echo 'these names lead out of the directory it is to be unpacked to' >&2; return 1; fi
}`);

/**
 * The tree without the modes of directories that an archive does not name, but that were made as the way to others: who
 * unpacks `usr/bin/x` into / has nothing to say about /usr. Throws where the names are not those of all files.
 */
export function withoutImplied(tree: LocalTree, names: string): LocalTree {
  const named = new Set(names.split('\n').map((name) => name.replaceAll('\\', '/').replace(/^(\.\/)+|\/+$/g, '')));
  // Other names the two programs may spell in their own ways.
  const untold = tree.files.find(({ relative }) => /^[\w./+-]+$/.test(relative) && !named.has(relative));
  if (untold) throw new Error(`the list of what is in the archive lacks ${untold.relative}`);
  const { mode: _, ...rest } = tree;
  return {
    ...rest,
    directories: tree.directories.map(({ relative, mode }) =>
      named.has(relative) ? { relative, mode } : { relative },
    ),
  };
}
