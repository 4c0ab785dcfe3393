import { posix } from 'node:path';
import { quote, raw, sh, withStdin } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';

/**
 * The rule for symbolic links, the only one there is: a link on the way to something is followed if root or the user who
 * acts has made it, or if no other user may write to the directory that it is in. Any other link could lead root to files of
 * the system that the link's owner may not touch himself, and is refused.
 *
 * `_way PATH` follows the links in all of PATH by that rule and leaves what it is without them in `_W`, whether it exists or
 * not; otherwise it leaves the reason in `_why` and returns 1. It only reads, and starts no process without a link.
 */
export const WAY = `_way() {
_W=;_r=$1/;_i=0
while [ "$_r" ];do
_c=\${_r%%/*};_r=\${_r#*/}
case $_c in ''|.) continue;;..) _W=\${_W%/*};continue;;esac
if [ -h "$_W/$_c" ];then
_i=$((_i+1));[ $_i -le 40 ]||{ _why="$1 leads through too many symbolic links";return 1;}
_hop "\${_W:-/}" "$_W/$_c"||return
case $_t in /*) _W=;;esac;_r=$_t/$_r
else _W=$_W/$_c;fi
done
_W=\${_W:-/}
}
_hop() {
_why="the symbolic link $2 cannot be read"
_e=$(id -u)&&_t=$(ls -ldn "$2")&&_o=$(ls -ldn "$1")||return
_size \${_t%%" $2"*}
_made "$_e" \${_t%%" $2"*}||_shut "$_e" \${_o%%" $1"*}||{
_o=$(ls -ld "$2");_by \${_o%%" $2"*}
_why="$2 is a symbolic link made by user $_o, in a directory that others than user $(id -un) may write to: it is not followed";return 1;}
if command -v readlink >/dev/null;then _t=$(readlink "$2"&&echo .)||return
else _t=$(ls -ld "$2"&&echo .)||return;_t=\${_t#*"$2 -> "};fi
_t=\${_t%
.}
case $2 in /proc/*) ;;*) [ "\${_z:-0}" = 0 ]||[ "\${#_t}" = "$_z" ]||{ _why="readlink did not print all of what $2 holds";return 1;};;esac
}
_size() { _z=$5;}
_made() { [ "$4" = 0 ]||[ "$4" = "$1" ];}
_shut() { _made "$@"&&case $2 in ?????w*|????????w*)return 1;;esac;}
_by() { _o=$3;}`;

/**
 * `_into DIRECTORY` goes there by {@link WAY}, makes sure that it is there and nowhere else, and leaves its path in `_W`.
 * Names in it can then be used as they are: no other user can put a link above them any more. `_make DIRECTORY OWNER MODE` does
 * the same, and makes what is missing of it, with that owner (`user:group`) and mode where they are not empty. What somebody
 * else makes at the same moment, such as another host of the inventory that is the same machine, counts as there.
 */
export const INTO = `${WAY}
_into() {
_way "$1"||{ echo "$_why" >&2;return 1;}
cd -P "$_W"&&_here "$_W"||{ echo "$1 is not there, or changed meanwhile" >&2;return 1;}
}
_here() { [ "$(pwd -P;echo .)" = "$1
." ];}
_make() {
_way "$1"||{ echo "$_why" >&2;return 1;}
_r=\${_W#/}/;_d=;_q=$_W;cd /||return
while [ "$_r" ];do
_c=\${_r%%/*};_r=\${_r#*/};[ "$_c" ]||continue
_n=
if [ ! -d "./$_c" ];then
_here "\${_d:-/}"||return
if _e=$(mkdir "./$_c" 2>&1);then _n=y;elif [ ! -d "./$_c" ];then echo "$_e" >&2;return 1;fi
fi
_d=$_d/$_c;cd -P "./$_c"||return
if [ "$_n" ];then _here "$_d"&&{ [ -z "$2" ]||chown "$2" .;}&&{ [ -z "$3" ]||chmod "$3" .;}||return;fi
done
_here "$_q"||{ echo "$1 changed meanwhile" >&2;return 1;}
}`;

/**
 * Functions that change what a name in the present directory refers to, never what a link of that name points to, even if
 * the two are swapped at this very moment: `_mode MODE NAME` and `_touch OPTIONS NAME`. The open file is what is changed.
 */
export const HOLD = `${INTO}
_hold() {
if [ -h "$1" ];then echo "$_W/\${1#./} is a symbolic link" >&2;return 1;fi
if [ -d "$1" ];then cd -P "$1"&&_here "\${_W%/}/\${1#./}"&&_n=.&&return;fi
_n=$1;[ -f "$1" ]&&[ -r "$1" ]&&[ -e /proc/self/fd ]||return 0
exec 6<"$1";_n=/proc/self/fd/6
[ "$(stat -L -c %d:%i $_n)" = "$(stat -c %d:%i "$1")" ]||{ echo "$_W/\${1#./} changed meanwhile" >&2;return 1;}
}
_mode() { (_hold "$2"&&chmod -- "$1" "$_n") }
_touch() { (_hold "$2"&&touch $1 -- "$_n") }`;

/** A script that runs in the directory of `path`, as {@link INTO} has it, with the name in `$n`; `functions` come before. */
export function beside(path: string, script: Script, functions = INTO): Script {
  return raw(
    `(${functions}\nn=${quote(`./${posix.basename(path)}`)};_into ${quote(posix.dirname(path))}||exit\n${script.text})`,
  );
}

/**
 * For programs that make and change what is at these paths by themselves, even along links: the script runs where
 * {@link WAY} allows every link on the way to them, and fails otherwise.
 */
export function onWay(paths: readonly string[], script: Script): Script {
  const checked = sh`(${raw(INTO)}
for h in ${paths}; do _way "$h" || { echo "$_why" >&2; exit 1; }; done) && {
${script}
}`;
  return script.stdin === undefined ? checked : withStdin(checked, script.stdin);
}
