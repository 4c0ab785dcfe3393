import { posix } from 'node:path';
import { quote, raw, tame } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { WAY } from '../../connection/files/way.ts';
import { TAKE } from './taken.ts';

export interface FileProbe {
  /** Look at what a symbolic link points to, instead of the link. */
  follow?: boolean;
  /** If the path is a directory, look at the file of this name in it instead. */
  into?: string;
  checksum?: boolean;
  /** Together with `checksum`, one more: of `sha512` and the like, as `sha512sum` makes it. */
  digest?: string | undefined;
  /** Give the text of files up to this many bytes... */
  content?: number;
  /** ...unless the file has this checksum already (hex). */
  unless?: string;
}

/** Reads the state of `path`; {@link parseFile} understands what it prints. */
export function probeFile(path: string, probe: FileProbe = {}): Script {
  const words = wordsOf(path, probe);
  // In a list of lines a name that has lines of its own would be taken for two.
  const many = path.includes('\n') ? undefined : { ask: askMany, one: words };
  return { ...tame(raw(`${SHOW}\n_show ${words}`)), ...(many && { many }) };
}

/** The arguments of _show, quoted: path, directory, into, follow, checksum, content, unless, digest. */
function wordsOf(path: string, { follow, into, checksum, digest, content, unless }: FileProbe): string {
  const words = [path, posix.dirname(path), into, follow && 'y', checksum && 'y', content?.toString(), unless, digest];
  return words.map((word) => (word ? quote(word) : "''")).join(' ');
}

const FORMAT = "'mode=%a uid=%u gid=%g size=%s mtime=%Y links=%h owner=%U group=%G'";

/** Without `sha256sum` a file's content is read instead, up to this many bytes, and hashed here. */
const READ_LIMIT = 1024 * 1024;

/**
 * `_say KEY TEXT` prints a line `KEY=TEXT`, or, where the text holds anything but printable ASCII, its length and its bytes in hex.
 * `_ls` is stat's line from POSIX `ls`, `_link` what a link holds (`_t`), and `_real` what a chain of links leads to (`_f`):
 * `readlink -f` of busybox takes a relative one that leads to nothing from the working directory.
 */
export const WORDS = `_say() { case $2 in *[!\\ -~]*) echo "$1:\${#2}"; printf %s "$2" | od -An -v -tx1 || return; echo .;; *) printf '%s=%s\\n' "$1" "$2";; esac; }
_fields() { _s="rights=$1 uid=$3 gid=$4 size=$5"; }
_names() { _s="$_s owner=$3 group=$4"; }
_ls() {
_x=$(ls -ldn "$1") && _y=$(ls -ld "$1") || return
_fields \${_x%%" $1"*}; _names \${_y%%" $1"*}
}
_link() {
if command -v readlink >/dev/null 2>&1; then _t=$(readlink -- "$1" && echo .) || return; _t=\${_t%??}
else _t=$(ls -ld "$1" && echo .) || return; _t=\${_t%??}; _t=\${_t#*" $1 -> "}; fi
}
_refused() { _say refused "$_why" && echo type=other; }
_missing() {
_x=$1; _y=\${_x%/*}
if [ -e "$_x" ]; then _y=$_x; else until [ -e "\${_y:-/}" ]; do _x=$_y; _y=\${_x%/*}; done; fi
if [ -d "\${_y:-/}" ]; then echo parent=absent; _say missing "$_x"; else echo parent=file; _say missing "$_y"; fi
}
_real() {
case $1 in */*) _f=$1;; *) _f=./$1;; esac; _i=0
while [ -h "$_f" ]; do
_i=$((_i+1)); [ $_i -le 40 ] || { _f=$1; return 0; }
_link "$_f" || return
case $_t in /*) _f=$_t;; *) _f=\${_f%/*}/$_t;; esac
done
_x=\${_f%/*}; _y=$(cd -P -- "\${_x:-/}" 2>/dev/null && pwd -P && echo .) || { [ -e "$_f" ] || _f=$1; return 0; }
_y=\${_y%??}; _f=\${_y%/}/\${_f##*/}
}`;

/** Prints all of one file. Lines of stat and sha256sum that are there already (`_s`, `_h`) are not asked for again. */
const SHOW = `${TAKE}
${WAY}
${WORDS}
_s=; _h=
_show() {
_f=$1; _d=$2
_way "$_d" || { _refused; return; }
if [ "$3" ] && [ -d "$_f" ]; then _way "$_f" || { _refused; return; }; _d=$_f; _f=$_f/$3; _say inside "$_f" || return; fi
if [ -h "$_f" ]; then _link "$_f" && _say target "$_t" || return; case $_f in /proc/*) echo proc=y;; esac
if [ "$4" ]; then _way "$_f" || { _refused; return; }; _f=$_W; _say real "$_f" || return; _d=\${_f%/*}; _d=\${_d:-/}
elif [ -d "$_f" ]; then echo leads=directory; fi; fi
if [ ! -d "$_d" ]; then _missing "$_d" || return; elif [ ! -x "$_d" ]; then echo parent=closed; fi
if [ -h "$_f" ]; then echo type=link; elif [ -f "$_f" ]; then echo type=file; elif [ -d "$_f" ]; then echo type=directory
elif [ -e "$_f" ]; then echo type=other; else echo type=absent; return 0; fi
if [ "$_s" ]; then :; elif command -v stat >/dev/null 2>&1; then _s=$(stat -c ${FORMAT} "$_f") || return; else _ls "$_f" || return; fi
echo "$_s"
[ "$5$6" ] && [ -f "$_f" ] && [ -r "$_f" ] || return 0
if [ "$8" ]; then _g=$("$8"sum <"$_f") || return; echo "digest=\${_g%% *}"; fi
_m=$6
if [ -z "$5" ]; then :
elif [ "$_h" ] || command -v sha256sum >/dev/null 2>&1; then
[ "$_h" ] || _h=$(sha256sum <"$_f") || return; _h=\${_h#\\\\}; _h=\${_h%% *}; echo "sha256=$_h"
else _m=${READ_LIMIT}; echo sha256=content; fi
[ "$_m" ] && { [ -z "$_h" ] || [ "$_h" != "$7" ]; } || return 0
_z=\${_s#* size=}; _z=\${_z%% *}
if command -v lsattr >/dev/null; then _x=$(lsattr -d "$_f" 2>/dev/null); case \${_x%% *} in *[ia]*) echo "flags=\${_x%% *}";; esac; fi
if [ "$_z" -le "$_m" ]; then _take "$_f" "$_h"; return; fi
[ -z "$5" ] || [ "$_h" ] || { echo "$_f is longer than $_m bytes, and this host has no sha256sum to compare it by" >&2; return 1; }
}`;

/**
 * First finds what is there, and asks one stat and one sha256sum for all of it; should one of them fail, each file is
 * asked for by itself. `_l` and `_c` are their arguments, `_a` and `_b` what they print, a line each; `_pN` and `_uN` say
 * that file N has a line there, which is taken off even where the file has gone meanwhile. A line that is missing is asked for.
 */
const MANY = `_n='
'; _l=; _k=
_add() {
_f=$2
if [ "$4" ] && [ -d "$_f" ]; then _f=$_f/$4; fi
if [ -h "$_f" ]; then if _way "$_f"; then [ -z "$5" ] || _f=$_W; else _c=; eval "_f$1=\\$_f; _p$1=; _u$1="; return; fi; fi
eval "_f$1=\\$_f; _p$1=; _u$1="
case $_f in *"$_n"*) return;; esac
if [ -e "$_f" ] || [ -h "$_f" ]; then _l="$_l \\"\\$_f$1\\""; eval "_p$1=y"; fi
if [ "$6" ] && [ -f "$_f" ] && [ -r "$_f" ]; then _k="$_k \\"\\$_f$1\\""; eval "_u$1=y"; fi
}
_tell() {
_s=; _h=
if [ "$_j" ]; then eval "_p=\\$_p$1; _u=\\$_u$1"
if [ "$_p" ]; then _s=\${_a%%"$_n"*}; _a=\${_a#*"$_n"}; fi
if [ "$_u" ]; then _h=\${_b%%"$_n"*}; _b=\${_b#*"$_n"}; fi; fi
shift; _show "$@"
}
_end() { echo "$1 $?"; }`;

function askMany(all: readonly string[], ends: readonly string[]): string {
  const each = all.map((words, i) => `"$1" ${i} ${words}; "$2" ${ends[i]}`).join('\n');
  return `${SHOW}
${MANY}
_each() {
${each}
}
_each _add :
_a=; _b=; _j=
if [ "$_l" ] && eval "_a=\\$(stat -c ${FORMAT} $_l)" && { [ -z "$_k" ] || eval "_b=\\$(sha256sum $_k)"; }; then _j=y; _a=$_a$_n; _b=$_b$_n; fi 2>/dev/null
_each _tell _end
`;
}
