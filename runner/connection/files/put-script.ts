import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import type { PutFile } from '../../model/transport/host-shell.ts';
import { SWEEP_HERE } from './leftovers.ts';
import { atExit, quote, raw } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { INTO } from './way.ts';

/** A file on its way, and what its content must be. */
export interface Placing {
  file: PutFile;
  /** Hex. */
  sha256: string;
  /** Bytes. */
  size: number;
  /**
   * How it comes on stdin: `text` that is part of the commands themselves, `bytes` through a program that may fail
   * unseen, or a `stream`, which does not end with it.
   */
  comes: 'text' | 'bytes' | 'stream';
}

const REFUSE_DIRECTORY = '[ ! -d "$n" ]||{ echo "$p is a directory" >&2;exit 1;}';
const CLEAN_UP = atExit('rm -f "$t"').text;
/**
 * With noclobber the new file is certainly ours, even if others may write to the directory. Until it is complete it is
 * known by its descriptor, `$a`: who puts a link in place of `$t` gets nothing by it.
 */
const CREATE = 'umask 077;set -C;exec 5>"$t"||exit;set +C;a=/proc/self/fd/5;[ -e $a ]||a=$t';
/** Where something after it goes by the user's own mask. */
const CREATE_MASKED = `m=$(umask);${CREATE};umask "$m"`;
const FILL = 'cat >&5||exit';
/** Bytes that are read at once where `dd` can count them; `head` takes 8 KiB, which costs more processor time. */
const BLOCK = 65536;
const COUNTED = 'iflag=fullblock,count_bytes';
/** A link that is replaced has nothing that its successor should have. */
const OLD = 'o=;b=;if [ -f "$n" ]&&[ ! -h "$n" ];then o=y;fi';
/** An owner that may not be given away is not worth a failure. */
const KEEP_OWNER = 'if [ "$o" ];then chown "$(stat -c %u:%g "$n")" "$a" 2>/dev/null;fi';
/**
 * What else belongs to the old file: mode, ACL, capabilities, other extended attributes, the context of SELinux. After
 * chown, which takes capabilities away. Where cp is not GNU's, by the programs that there are for it.
 */
const KEEP = `if [ "$o" ];then e=$(cp -a --attributes-only --no-preserve=timestamps,ownership -- "$n" "$a" 2>&1)||case $e in
*nrecognized*|*nvalid*|*sage*)e=$(stat -c %a "$n")&&chmod "$e" "$a"||exit
if command -v getfacl >/dev/null&&command -v setfacl >/dev/null;then getfacl -cp "$n" 2>/dev/null|setfacl --set-file=- "$a"||exit;fi
if command -v getcap >/dev/null&&command -v setcap >/dev/null;then e=$(getcap "$n")||exit;[ -z "$e" ]||setcap "\${e##* }" "$t"||exit;fi;;
*)echo "$e" >&2;exit 1;;esac;fi`;
const NEW_MODE = '[ "$o" ]||chmod =rw "$a"||exit';
const CLOSE = 'exec 5>&-';
/** Coreutils before 8.24 flush everything. */
const FLUSH = 'sync "$t" 2>/dev/null||sync';
/** The disk writes while the processor hashes; what is left for the last flush are owner and mode. */
const FLUSH_EARLY = 'sync "$t" >/dev/null 2>&1 &';
/** The last line of output names it: see `backedUp` of the engine. */
const BACK_UP = 'if [ -e "$n" ];then k=$(date +%Y%m%dT%H%M%S)&&cp -p "$n" "$n.$k~"&&echo "backup_file=$p.$k~"||exit;fi';
/**
 * A file that something is mounted on (a container's /etc/hosts) cannot be replaced: it is written in place, and what was
 * to be written is kept should that fail. An mv that does not know -T says so.
 */
const RENAME = `e=$(mv -fT "$t" "$n" 2>&1)||case $e in
*usy)cat "$t" >"$n"||{ trap - EXIT;echo "$p could not be written as a whole; $t beside it is what it should be" >&2;exit 1;}
rm -f "$t";b=y;;
*nrecognized*|*nvalid*|*sage*)mv -f "$t" "$n"||exit;;
*)echo "$e" >&2;exit 1;;esac
trap - EXIT`;

/** From content on stdin to a file in its place. Until then it has a name that cannot be guessed, and that shows whose it is: the shell's. */
export function putScript({ file, sha256, size, comes }: Placing): Script {
  const create = file.mode === undefined || file.validate ? CREATE_MASKED : CREATE;
  const fill = comes === 'stream' ? [take(size), FLUSH_EARLY] : [FILL];
  const checked = comes === 'text' ? [] : [check(sha256, size)];
  const parts = [begin(file), create, ...fill, ...checked, ...place(file)];
  return raw(parts.join('\n'));
}

/** The same from a file that is on the host already; `source` is a word of the shell. */
export function copyScript(source: Script, file: Omit<PutFile, 'content'>): Script {
  return raw(`(${[begin(file), CREATE_MASKED, `cat <${source.text} >&5||exit`, ...place(file)].join('\n')})`);
}

function begin({ path }: Pick<PutFile, 'path'>): string {
  const [directory, name] = [posix.dirname(path), posix.basename(path)];
  const there = `p=${quote(path)};n=${quote(`./${name}`)};c=$PWD\n${INTO}\n_into ${quote(directory)}||exit\n${REFUSE_DIRECTORY}`;
  return `${there}\n${SWEEP_HERE}\nt=./.xrun-$$-$_b-${randomBytes(8).toString('hex')}\n${CLEAN_UP}`;
}

/** Exactly `size` bytes. The counts that dd prints are not an error. */
function take(size: number): string {
  return `if dd count=0 ${COUNTED} </dev/null >/dev/null 2>&1
then e=$(dd bs=${BLOCK} count=${size} ${COUNTED} 2>&1 >&5)||{ echo "$e"|head -n 1 >&2;exit 1;}
else head -c ${size} >&5||exit;fi`;
}

function check(sha256: string, size: number): string {
  return `if command -v sha256sum >/dev/null 2>&1;then s=$(sha256sum <"$a");[ "\${s%% *}" = ${sha256} ]
else [ "$(wc -c <"$a")" -eq ${size} ];fi||{ echo "the content for $p was damaged on its way, or changed meanwhile" >&2;exit 1;}`;
}

/** Owner before mode: chown clears the set-id bits. */
function place(file: Omit<PutFile, 'content'>): string[] {
  const owner = `${file.owner ?? ''}${file.group === undefined ? '' : `:${file.group}`}`;
  const mode = file.mode === undefined ? NEW_MODE : `chmod ${quote(file.mode)} "$a"||exit`;
  const inPlace = [
    ...(owner ? [`chown ${quote(owner)} "$n"`] : []),
    ...(file.mode === undefined ? [] : [`chmod ${quote(file.mode)} "$n"`]),
  ].join('&&');
  return [
    OLD,
    ...(file.owner === undefined || file.group === undefined ? [KEEP_OWNER] : []),
    ...(owner ? [`chown ${quote(owner)} "$a"||exit`] : []),
    KEEP,
    mode,
    CLOSE,
    ...(file.validate ? [`(set -- "\${_W%/}/\${t#./}";cd "$c"\n${file.validate.text}\n)||exit`] : []),
    FLUSH,
    ...(file.backup ? [BACK_UP] : []),
    RENAME,
    ...(inPlace ? [`[ -z "$b" ]||{ ${inPlace};}||exit`] : []),
  ];
}
