import type { PutFile } from './host-shell.ts';
import { quote, raw, sh } from './script.ts';
import type { Script } from './script.ts';

/** A file on its way: where it waits until it is complete, and what its content must be. */
export interface Placing {
  file: PutFile;
  temporary: string;
  /** Hex. */
  sha256: string;
}

const REFUSE_DIRECTORY = '[ ! -d "$p" ]||{ echo "$p is a directory" >&2;exit 1;}';
/** `exit` in the handlers of signals runs the one of EXIT; without them dash would not. */
const CLEAN_UP = `trap 'rm -f "$t"' EXIT;trap 'exit 143' HUP INT TERM`;
/** With noclobber the new file is certainly ours, whoever else may write to the directory. */
const CREATE = 'm=$(umask);umask 077;set -C;exec 5>"$t"||exit;set +C;umask "$m"';
/** An owner that may not be given away is not worth a failure. */
const KEEP_OWNER = `if [ -e "$p" ];then chown "$(stat -L -c %u:%g "$p")" "$t" 2>/dev/null;fi`;
const KEEP_MODE = `if [ -e "$p" ];then m=$(stat -L -c %a "$p")&&chmod "$m" "$t"||exit;else chmod =rw "$t"||exit;fi`;

/** All at once, the content on stdin. */
export function smallScript(placing: Placing): Script {
  return lines(names(placing), REFUSE_DIRECTORY, CLEAN_UP, CREATE, 'cat >&5||exit;exec 5>&-', checked(placing), place(placing.file));
}

/** Makes the empty file that only this user can read. */
export function createScript(placing: Placing): Script {
  return lines(names(placing), REFUSE_DIRECTORY, CREATE);
}

/** Fails where the content is not the wanted one. */
export function checkScript(placing: Placing): Script {
  return lines(names(placing), checked(placing));
}

/** From a complete temporary file to the target. */
export function placeScript(placing: Placing): Script {
  return lines(names(placing), CLEAN_UP, checked(placing), place(placing.file));
}

export function removeScript(placing: Placing): Script {
  return sh`rm -f ${placing.temporary}`;
}

function lines(...parts: string[]): Script {
  return raw(parts.join('\n'));
}

function names({ file, temporary }: Placing): string {
  return `p=${quote(file.path)};t=${quote(temporary)}`;
}

function checked({ sha256 }: Placing): string {
  return `if command -v sha256sum >/dev/null 2>&1;then s=$(sha256sum <"$t")
[ "\${s%% *}" = ${sha256} ]||{ echo "the content for $p was damaged on its way, or changed meanwhile" >&2;exit 1;};fi`;
}

/** Owner before mode: chown clears the set-id bits. */
function place(file: PutFile): string {
  const owner = `${file.owner ?? ''}${file.group === undefined ? '' : `:${file.group}`}`;
  return [
    KEEP_OWNER,
    ...(owner ? [`chown ${quote(owner)} "$t"||exit`] : []),
    file.mode === undefined ? KEEP_MODE : `chmod ${quote(file.mode)} "$t"||exit`,
    ...(file.validate ? [`(set -- "$t"\n${file.validate.text}\n)||exit`] : []),
    'sync "$t" 2>/dev/null||sync',
    ...(file.backup ? ['[ ! -e "$p" ]||cp -p "$p" "$p.$(date +%Y%m%dT%H%M%S)~"||exit'] : []),
    'mv -f "$t" "$p"||exit',
    'trap - EXIT',
  ].join('\n');
}
