const HEX = '[0-9a-f]';

/**
 * Shell text: `_b` gets what distinguishes this host, since its last start, from others that share a file system with it. A temporary
 * file is named `.xrun-PID-$_b-SOMETHING` after the shell that makes it, a directory of {@link aside} `xrun-PID-$_b-SOMETHING`.
 */
export const TAG =
  '{ _b=;_h=;read -r _b </proc/sys/kernel/random/boot_id;read -r _h </proc/sys/kernel/hostname;} 2>/dev/null;case $_h in *[!A-Za-z0-9.-]*)_h=;;esac;_b=${_b%%-*}.$_h';

/**
 * After {@link TAG}: `_left FILE` succeeds where that file of such a name is the user's own and no longer needed: the
 * number of its shell is free, or belongs to a process that is not a shell. Of other hosts, and of earlier starts of this one,
 * that is not known: a day without a change decides. It follows no links.
 */
const LEFT = `_left() { [ -e /proc/self/comm ]&&[ ! -h "$1" ]&&[ -O "$1" ]||return
_p=\${1##*/};_p=\${_p#.};_p=\${_p#xrun-};_u=\${_p#*-};_p=\${_p%%-*}
case $_p in *[!0-9]*)_old "$1";return;;esac
case $_u in "$_b"-*)_c=;read -r _c </proc/$_p/comm||return 0;case $_c in *sh)return 1;;esac;;*)_old "$1";;esac;} 2>/dev/null
_old() { [ "$(find "$1" -prune -mtime +0)" ];}`;

const OURS = `[0-9]*-${HEX.repeat(8)}.*-*`;

/** Shell text, in a directory where a file is about to be made: removes what killed runs were making there. */
export const SWEEP_HERE = `${TAG}
${LEFT}
for _f in ./.xrun-${OURS};do _left "$_f"&&rm -f -- "$_f";done`;

/** Where a host keeps what is needed for a moment, as a word of the shell. */
const ASIDE = '"${TMPDIR:-/var/tmp}"';

/** Shell text: a word for the template of `mktemp`. `mount`: for a directory that something is mounted on. */
export function aside(kind: 'work' | 'mount' = 'work'): string {
  return `${ASIDE}/xrun-$$-$_b-${kind}-XXXXXXXX`;
}

/** At most so many leftovers are removed at a time. */
const MOST = 100;

/** Seconds that what an ended job of `async` left may lie on its host, at least; and whole hours, so that all sessions of an hour begin alike. */
const KEEP = 86_400;
const HOUR = 3600;

/**
 * Shell text: removes jobs of the user's that ended, or never began, more than a day ago. `now` is the controller's time in
 * seconds, by which jobs are named.
 */
export function sweepJobs(now: number): string {
  return `[ ! -d "\${HOME:-/root}/.xrun/jobs" ]||(cd "\${HOME:-/root}/.xrun/jobs"||exit
for _j in j*;do _t=\${_j#j};_t=\${_t%%.*};case $_t in ''|*[!0-9]*|?|??|???)continue;;esac
[ "\${_t%???}" -lt ${Math.floor((now - KEEP) / HOUR) * HOUR} ]&&[ -d "$_j" ]&&[ ! -h "$_j" ]||continue
_p=;[ ! -s "$_j/pid" ]||read -r _p <"$_j/pid";case $_p in ''|*[!0-9]*);;*)! kill -0 "$_p"||continue;;esac
rm -rf -- "./$_j";done) 3<&- 4>&- 6>&- </dev/null >/dev/null 2>&1
`;
}

/**
 * Shell text for the start of a session: removes what killed runs of this user left aside, in the background where there is
 * something. What steps of one task hand on to each other has no shell, and goes after a day without a change.
 */
export function sweep(now = Date.now() / 1000): string {
  return `${TAG}
${LEFT}
_sweep() { case $1 in *-mount-*)umount "$1";rmdir -- "$1";;*)rm -rf -- "$1"||{ chmod -R u+rwx -- "$1";rm -rf -- "$1";};;esac;}
_n=0
for _f in ${ASIDE}/xrun-${OURS} ${['script', 'image'].map((kind) => `${ASIDE}/xrun-${kind}-${HEX.repeat(16)}*`).join(' ')};do
[ $_n -lt ${MOST} ]&&_left "$_f"||continue
_n=$((_n+1));( { _sweep "$_f";} </dev/null >/dev/null 2>&1 3<&- 4>&- 6>&- & )
done
unset _b _c _f _h _n _p _u
${sweepJobs(now)}`;
}
