import { raw, sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { INTO } from '../../../connection/files/way.ts';

/**
 * `chmod -R` looks at a name and then changes what it refers to by then: who may write to a directory in the tree could put a
 * link in between, and get a file of the system's. Where others may write, files are therefore held open, five at a
 * time, and it is the open file that is changed, if it is still the one that has the name; directories are entered, and changed as
 * `.`. What cannot be opened for that, a device or a pipe, is left as it is, and said. `_m` is the mode; they begin in `_W`.
 */
const MODES = String.raw`${INTO}
_risky() { [ -e /proc/self/fd ]&&[ "$(find . -type d \( ! -user 0 ! -user "$(id -u)" -o -perm -020 -o -perm -002 \)|head -n 1)" ];}
_modes() {
chmod -- "$_m" .||return
set --
for _x in ./* ./.[!.]* ./..?*;do
[ ! -h "$_x" ]&&[ -e "$_x" ]||continue
if [ -d "$_x" ];then (cd -P "$_x"&&_W=\${_W%/}/\${_x#./}&&{ _here "$_W"||{ echo "$_W changed meanwhile" >&2;false;};}&&_modes)||return
elif [ ! -f "$_x" ];then [ "$(stat -c %a -- "$_x")" = "\${_m#0}" ]||{ echo "$_W/\${_x#./} is not a file, and others may write beside it: its mode is left as it is" >&2;return 1;}
else set -- "$@" "$_x";[ $# -lt 5 ]||{ _held "$@"||return;set --;};fi
done
[ $# = 0 ]||_held "$@"
}
_held() {
_l=;_k=4
for _x do _k=$((_k+1));eval "exec $_k<\"\$_x\""||return;_l="$_l /proc/self/fd/$_k";done
[ "$(stat -c %d:%i -- "$@")" = "$(stat -L -c %d:%i -- $_l)" ]||{ echo "a file in $_W changed meanwhile" >&2;return 1;}
chmod -- "$_m" $_l
}`.replaceAll('\\${', '${');

/** A mode for a directory and all that is in it, without following a link, even one that is made meanwhile. */
export function modesBelow(path: string, mode: string): Script {
  return sh`(${raw(MODES)}
_m=${mode};_into ${path}||exit
if _risky;then _modes;else chmod -R -- "$_m" .;fi)`;
}
