import { TAG, aside } from '../../connection/files/leftovers.ts';
import { atExit, raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { requestScript } from '../http/tools.ts';

/** Where the key of that name is kept: armored, or as bytes. apt distinguishes them by their names. */
export const keyFile = (name: string, directory = '/etc/apt/keyrings') =>
  [`${directory}/${name}.asc`, `${directory}/${name}.gpg`] as [armored: string, binary: string];

/** Puts what `url` answers into the file whose path is in `$t`; exits where that is not an OpenPGP key. */
export function fetchTo(url: string, verify = true): Script {
  const request = { url, method: 'GET', headers: {}, timeout: 30, follow: true, verify };
  return sh`${raw(TAG)}
t=$(mktemp ${raw(aside())}) || exit
${atExit('rm -f "$t"')}
get() {
${requestScript(request, { into: 'file' })}
}
m=$(get 2>&1)
case $m in *rc=0) ;; *tool=none*) echo 'this host has neither curl nor wget' >&2; exit 1;; *) printf '%s\n' "$m" | sed '/^tool=/d; /^rc=/d; /^[0-9]*$/d' >&2; echo ${`the key could not be fetched from ${url}`} >&2; exit 1;; esac
[ -s "$t" ] || { echo ${`nothing came from ${url}`} >&2; exit 1; }
case $(head -c 1 "$t" | od -An -tx1) in *' 2d') grep -q 'BEGIN PGP PUBLIC KEY' "$t" || { echo ${`what came from ${url} is not an OpenPGP key`} >&2; exit 1; }; a=y;; *' 8'?|*' 9'?|*' '[c-f]?) a=;; *) echo ${`what came from ${url} is not an OpenPGP key`} >&2; exit 1;; esac`;
}

/** Where a key is to be placed. */
export interface KeyPlace {
  armored: string;
  binary: string;
  mode: string;
  /** The file that names the armored key, and must name the other one where what came is binary. */
  names?: string;
}

/** Fetches a key to its place. */
export function fetchKey(url: string, { armored, binary, mode, names }: KeyPlace, verify = true): Script {
  return sh`${fetchTo(url, verify)}
if [ "$a" ]; then d=${armored}; else d=${binary}; ${names !== undefined && sh`sed -i ${`s|^Signed-By: ${armored}$|Signed-By: ${binary}|`} ${names};`} fi
mkdir -p "\${d%/*}" && cp "$t" "$d" && chmod ${mode} "$d"`;
}
