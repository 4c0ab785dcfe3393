/**
 * Shell functions for programs whose answer is a line: what is killed, or stops half-way with an exit status of 0, must not be
 * taken for an answer.
 *
 * `_whole COMMAND...` puts what it prints into `_o`, without the last line's end, and returns its exit status; it returns 125
 * and says so where the last line has no end. `_resolve PATH` puts where a path leads into `_o`: the path itself where that
 * is nowhere. It returns another status than 0 where readlink gave no answer.
 */
export const WHOLE = `_whole() {
_o=$("$@" 2>/dev/null; _r=$?; echo .; exit $_r); _r=$?
case $_o in .) _o= ;; *'
.') _o=\${_o%??} ;; *) echo "$1 printed only a part of a line" >&2; return 125 ;; esac
return $_r
}
_resolve() {
_whole readlink -f "$1"
case $?:$_o in 0:?*) ;; 1:) _o=$1 ;; *) echo "readlink gave no answer for $1" >&2; return 1 ;; esac
}`;
