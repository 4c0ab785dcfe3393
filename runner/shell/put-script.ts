import type { PutFile } from './host-shell.ts';
import { atExit, quote, raw } from './script.ts';
import type { Script } from './script.ts';

/** A file on its way: where it waits until it is complete, and what its content must be. */
export interface Placing {
  file: PutFile;
  temporary: string;
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

const REFUSE_DIRECTORY = '[ ! -d "$p" ]||{ echo "$p is a directory" >&2;exit 1;}';
const CLEAN_UP = atExit('rm -f "$t"').text;
/** With noclobber the new file is certainly ours, whoever else may write to the directory. */
const CREATE = 'umask 077;set -C;exec 5>"$t"||exit;set +C';
/** Where something after it goes by the user's own mask. */
const CREATE_MASKED = `m=$(umask);${CREATE};umask "$m"`;
const FILL = 'cat >&5||exit';
/** Bytes that are read at once where `dd` can count them; `head` takes 8 KiB, which costs more processor time. */
const BLOCK = 65536;
const COUNTED = 'iflag=fullblock,count_bytes';
/** An owner that may not be given away is not worth a failure. */
const KEEP_OWNER = 'if [ -e "$p" ];then chown "$(stat -L -c %u:%g "$p")" "$t" 2>/dev/null;fi';
const KEEP_MODE = 'if [ -e "$p" ];then m=$(stat -L -c %a "$p")&&chmod "$m" "$t"||exit;else chmod =rw "$t"||exit;fi';
const CLOSE = 'exec 5>&-';
/** Coreutils before 8.24 flush everything. */
const FLUSH = 'sync "$t" 2>/dev/null||sync';
/** The disk writes while the processor hashes; what is left for the last flush are owner and mode. */
const FLUSH_EARLY = 'sync "$t" >/dev/null 2>&1 &';
const BACK_UP = '[ ! -e "$p" ]||cp -p "$p" "$p.$(date +%Y%m%dT%H%M%S)~"||exit';
const RENAME = 'mv -f "$t" "$p"||exit;trap - EXIT';

/** From content on stdin to a file in its place. */
export function putScript({ file, temporary, sha256, size, comes }: Placing): Script {
  const names = `p=${quote(file.path)};t=${quote(temporary)}`;
  const create = file.mode === undefined || file.validate ? CREATE_MASKED : CREATE;
  const fill = comes === 'stream' ? [take(size), CLOSE, FLUSH_EARLY] : [FILL, CLOSE];
  const checked = comes === 'text' ? [] : [check(sha256, size)];
  const parts = [names, REFUSE_DIRECTORY, CLEAN_UP, create, ...fill, ...checked, ...place(file)];
  return raw(parts.join('\n'));
}

/** Exactly `size` bytes. Of what dd says, its counts are no error. */
function take(size: number): string {
  return `if dd count=0 ${COUNTED} </dev/null >/dev/null 2>&1
then e=$(dd bs=${BLOCK} count=${size} ${COUNTED} 2>&1 >&5)||{ echo "$e"|head -n 1 >&2;exit 1;}
else head -c ${size} >&5||exit;fi`;
}

function check(sha256: string, size: number): string {
  return `if command -v sha256sum >/dev/null 2>&1;then s=$(sha256sum <"$t");[ "\${s%% *}" = ${sha256} ]
else [ "$(wc -c <"$t")" -eq ${size} ];fi||{ echo "the content for $p was damaged on its way, or changed meanwhile" >&2;exit 1;}`;
}

/** Owner before mode: chown clears the set-id bits. */
function place(file: PutFile): string[] {
  const owner = `${file.owner ?? ''}${file.group === undefined ? '' : `:${file.group}`}`;
  return [
    KEEP_OWNER,
    ...(owner ? [`chown ${quote(owner)} "$t"||exit`] : []),
    file.mode === undefined ? KEEP_MODE : `chmod ${quote(file.mode)} "$t"||exit`,
    ...(file.validate ? [`(set -- "$t"\n${file.validate.text}\n)||exit`] : []),
    FLUSH,
    ...(file.backup ? [BACK_UP] : []),
    RENAME,
  ];
}
