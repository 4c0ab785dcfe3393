import { posix } from 'node:path';
import { quote, raw, tame } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';

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

const FORMAT = "'mode=%a uid=%u gid=%g size=%s mtime=%Y owner=%U group=%G'";

/** Prints all of one file. Lines of stat and sha256sum that are there already (`_s`, `_h`) are not asked for again. */
const SHOW = `_s=; _h=
_show() {
_f=$1; _d=$2
if [ "$3" ] && [ -d "$_f" ]; then _d=$_f; _f=$_f/$3; printf 'inside=%s\\n' "$_f"; fi
if [ ! -d "$_d" ]; then echo parent=absent; elif [ ! -x "$_d" ]; then echo parent=closed; fi
if [ -h "$_f" ]; then printf 'target=%s\\n' "$(readlink "$_f")"; if [ "$4" ]; then _f=$(readlink -f "$_f" || echo "$_f"); printf 'real=%s\\n' "$_f"; fi; fi
if [ -h "$_f" ]; then echo type=link; elif [ -f "$_f" ]; then echo type=file; elif [ -d "$_f" ]; then echo type=directory
elif [ -e "$_f" ]; then echo type=other; else echo type=absent; return 0; fi
[ "$_s" ] || _s=$(stat -c ${FORMAT} "$_f") || return; echo "$_s"
[ "$5$6" ] && [ -f "$_f" ] && [ -r "$_f" ] || return 0
if [ "$5" ]; then [ "$_h" ] || _h=$(sha256sum <"$_f") || return; _h=\${_h#\\\\}; _h=\${_h%% *}; echo "sha256=$_h"; fi
if [ "$8" ]; then _g=$("$8"sum <"$_f") || return; echo "digest=\${_g%% *}"; fi
[ "$6" ] && [ "$_h" != "$7" ] || return 0
_z=\${_s#* size=}; [ "\${_z%% *}" -le "$6" ] || return 0
echo content:; base64 <"$_f"
}`;

/**
 * First finds what is there, and asks one stat and one sha256sum for all of it; should one of them fail, each file is
 * asked for by itself. `_l` and `_c` are their arguments, `_a` and `_b` what they print, a line each; `_pN` and `_uN` tell
 * that file N has a line there, which is taken off even where the file has gone meanwhile.
 */
const MANY = `_n='
'; _l=; _c=; _m=
_add() {
_f=$2
if [ "$4" ] && [ -d "$_f" ]; then _f=$_f/$4; fi
if [ "$5" ] && [ -h "$_f" ]; then _f=$(readlink -f "$_f" || echo "$_f"); fi
eval "_f$1=\\$_f; _p$1=; _u$1="
case $_f in *"$_n"*) return;; esac
if [ -e "$_f" ] || [ -h "$_f" ]; then _l="$_l \\"\\$_f$1\\""; eval "_p$1=y"; fi
if [ "$6" ] && [ -f "$_f" ] && [ -r "$_f" ]; then _c="$_c \\"\\$_f$1\\""; eval "_u$1=y"; fi
}
_tell() {
_s=; _h=
if [ "$_m" ]; then eval "_p=\\$_p$1; _u=\\$_u$1"
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
if [ "$_l" ] && eval "_a=\\$(stat -c ${FORMAT} $_l)" && { [ -z "$_c" ] || eval "_b=\\$(sha256sum $_c)"; }; then _m=y; fi 2>/dev/null
_each _tell _end
`;
}
