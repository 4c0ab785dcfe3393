import { raw, sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { probeFile } from '../../path/probe.ts';
import { EDIT_LIMIT, isText, parseFile, sha256 } from '../../path/file-state.ts';
import type { FileState } from '../../path/file-state.ts';
import type { ProbeResult } from '../../../model/module.ts';

/** A crontab: a file of /etc/cron.d as other modules know it too, or in the same words a user's own. */
export interface Crontab extends FileState {
  /** What the crontab command said instead of an answer. */
  trouble?: string;
}

/** The command for the crontab of `user`, or of the user who logs in: only root may name another one. */
export function crontabCommand(user: string | undefined): string[] {
  return ['crontab', ...(user === undefined ? [] : ['-u', user])];
}

/** Where cron, cronie, SUSE's cron and busybox keep users' tables. */
const SPOOLS = '/var/spool/cron/crontabs /var/spool/cron /var/spool/cron/tabs /etc/crontabs';

/**
 * Compares `$t`, the output of `crontab -l`, with the table of the user `$u`, where it may be read: nothing may be missing of
 * it but comments at its beginning, a header that some versions do not print.
 */
const COMPARE = `nl='
'; k=$(printf %s "$t")
for d in ${SPOOLS}; do [ -f "$d/$u" ] && [ -r "$d/$u" ] || continue
a=$(cat "$d/$u") || exit
b=\${a%"$k"}; [ -z "$k" ] || [ "$b" != "$a" ] || b=cut
case $nl$b in *"$nl"[!#"$nl"]*) echo "crontab -l printed only a part of $d/$u" >&2; exit 1;; esac
done`;

/**
 * Reads a file, or else the user's own crontab. That there is none is an exit status of 1 together with the words for it
 * of cron, cronie or busybox, which have no translations; every other failure is one. The text goes through no pipe, which
 * would hide the failure, and comes with its size and checksum.
 */
export function probeCrontab(file: string | undefined, user: string | undefined): Script {
  if (file !== undefined) return probeFile(file, { follow: true, checksum: true, content: EDIT_LIMIT });
  return sh`t=$(${crontabCommand(user)} -l 2>/dev/null; printf 'x%s' $?); r=\${t##*x}; t=\${t%x*}
if [ "$r" = 0 ]; then u=${user ?? raw('$(id -un)')} || exit
${raw(COMPARE)}
s=$(printf %s "$t" | sha256sum) && n=$(printf %s "$t" | wc -c) || exit
echo type=file; echo "size=$n"; echo "sha256=\${s%% *}"; echo content:
if command -v base64 >/dev/null; then printf %s "$t" | base64; else echo octal:; printf %s "$t" | od -An -v -to1; fi
else e=$(${crontabCommand(user)} -l 2>&1 >/dev/null)
case $r:$e in 1:*"no crontab for"*|1:*"can't open"*"No such file"*) echo type=absent;; *) printf 'trouble=%s\\n' "\${e:-exit status $r}";; esac; fi`;
}

/** What {@link probeCrontab} printed. Throws a plain Error for a table that did not arrive whole. */
export function parseCrontab(result: ProbeResult, file: string | undefined): Crontab {
  if (file !== undefined) return parseFile(result);
  const trouble = /^trouble=([\s\S]*)/.exec(result.stdout)?.[1]?.trim();
  if (trouble !== undefined) return { type: 'absent', trouble };
  if (result.stdout === 'type=absent\n') return { type: 'absent' };
  const [, size, digest, encoded = ''] =
    /^type=file\nsize=\s*(\d+)\nsha256=(\w+)\ncontent:\n([\s\S]*)$/.exec(result.stdout) ?? [];
  const bytes = decoded(encoded);
  if (size === undefined || bytes.length !== Number(size) || sha256(bytes) !== digest)
    throw new Error('the crontab was not read whole');
  return {
    type: 'file',
    size: bytes.length,
    sha256: digest,
    ...(isText(bytes) && bytes.length <= EDIT_LIMIT && { content: bytes.toString() }),
  };
}

/** What base64 or od printed. */
function decoded(encoded: string): Buffer {
  if (!encoded.startsWith('octal:\n')) return Buffer.from(encoded, 'base64');
  return Buffer.from((encoded.slice('octal:\n'.length).match(/[0-7]+/g) ?? []).map((one) => Number.parseInt(one, 8)));
}
