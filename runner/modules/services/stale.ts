import { raw } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';

/** The properties of units that {@link MISSED} reads. */
export const MISSED_READS = 'Id,Names,LoadState,FragmentPath,DropInPaths';

/**
 * Defines `missed COMMAND`, which reads what `systemctl show` says of units, and prints NeedDaemonReload=yes where
 * systemd's own answer to that would be no, but a drop-in or a file that overrides the unit's has come: systemd looks
 * only into directories that it knew when it last read its units. COMMAND is `systemctl`, or that of the user's manager. It needs `_whole`.
 */
export const MISSED: Script = raw(`missed() {
_whole $1 show -p UnitPath && [ "$_o" ] || { echo "systemctl did not print the directories of units" >&2; return 1; }
_p=\${_o#*=}; _l=
while IFS= read -r _x; do case $_x in
Id=*) _i=\${_x#*=} ;; Names=*) _n=\${_x#*=} ;; LoadState=*) _l=\${_x#*=} ;; FragmentPath=*) _f=\${_x#*=} ;; DropInPaths=*) _d=\${_x#*=} ;;
'') if [ "$_l" = loaded ] && differs; then echo NeedDaemonReload=yes; return; fi; _i= _n= _l= _f= _d= ;;
esac; done
}
differs() {
_o=; _s=' '
for _a in $_p; do
[ "$_o" ] || [ ! -e "$_a/$_i" ] || _o=$_a/$_i
for _u in $_n; do for _c in "$_a/$_u.d"/*.conf; do
[ -e "$_c" ] || continue
# The first of a name counts; one that is nothing takes those after it away.
case $_s in *" \${_c##*/} "*) continue ;; esac; _s="$_s\${_c##*/} "
[ "$_c" -ef /dev/null ] || known "$_c" || return 0
done; done; done
[ "$_o" ] && [ ! "$_o" -ef "$_f" ]
}
known() { for _k in $_d; do if [ "$1" -ef "$_k" ]; then return 0; fi; done; return 1; }`);
