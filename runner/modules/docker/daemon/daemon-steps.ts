import { posix } from 'node:path';
import { argv, raw, sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { DROP_IN, keptCopy } from './daemon-state.ts';

/** Options that the daemon takes over while it runs, by the documentation of dockerd's SIGHUP. */
const RELOADABLE = new Set([
  ...['debug', 'labels', 'live-restore', 'max-concurrent-downloads', 'max-concurrent-uploads', 'max-download-attempts'],
  ...['insecure-registries', 'registry-mirrors', 'shutdown-timeout'],
]);

/** Whether a daemon that runs can take over these options without stopping its containers. */
export function reloadable(options: string[]): boolean {
  return options.every((option) => RELOADABLE.has(option));
}

/** Lets dockerd judge the new file, where it is of version 23 or later. */
export const VALIDATE = raw(
  `if dockerd --help 2>&1 | grep -q -e --validate; then dockerd --validate --config-file "$1" >/dev/null; fi`,
);

/**
 * Keeps the old file until the daemon has taken the new one; a copy that is there already is the older one. It stands
 * beside `path`, also where that is a link to `file`.
 */
export function keep(path: string, file: string): Script {
  return sh`[ -e ${keptCopy(path)} ] || if [ -e ${file} ]; then cp -p ${file} ${keptCopy(path)}; else : >${keptCopy(path)}; fi`;
}

/** There is nothing to restart: the new file is taken when the daemon starts. */
export function forget(path: string): Script {
  return argv('rm', '-f', keptCopy(path), keptCopy(DROP_IN));
}

/** Puts the drop-in away, so that it can come back. */
export const PUT_DROP_IN_AWAY = raw(`mv ${DROP_IN} ${keptCopy(DROP_IN)}`);

const RESTART = raw(`sockets=; systemctl is-active -q docker.socket && sockets=docker.socket
# With the service, since dockerd may have made and removed a socket of its own in the unit's place.
systemctl restart $sockets docker.service`);

/**
 * Makes the daemon read the file and waits until it answers, `seconds` at most; puts the old file (and the drop-in) back
 * where it does not.
 *
 * @param file what `path` is, or is a link to
 * @param added whether the drop-in is new
 */
export function activate(path: string, file: string, reload: boolean, added: boolean, seconds: number): Script {
  const [kept, keptDropIn] = [keptCopy(path), keptCopy(DROP_IN)];
  return sh`act() {
command -v systemctl >/dev/null 2>&1 || { service docker ${reload ? 'reload' : 'restart'}; return; }
systemctl daemon-reload; systemctl reset-failed docker.service docker.socket 2>/dev/null
${reload ? raw('systemctl reload docker.service') : RESTART}
}
answers() { n=0; until docker version >/dev/null 2>&1; do [ $n -lt ${Math.ceil(seconds)} ] || return 1; n=$((n+1)); sleep 1; done; }
since=$(date +%s)
if act >/dev/null 2>&1 && answers; then rm -f ${kept} ${keptDropIn}; rmdir ${posix.dirname(DROP_IN)} 2>/dev/null; exit 0; fi
why=$(journalctl -u docker -S "@$since" -o cat --no-pager 2>/dev/null | grep -i -e 'failed to start daemon' -e 'unable to' -e conflict -e invalid | grep -v -e level=warning -e level=info | head -n 1)
if [ -s ${kept} ]; then mv ${kept} ${file}; else rm -f ${kept} ${file}; fi
if [ -e ${keptDropIn} ]; then mv ${keptDropIn} ${DROP_IN}; ${added && sh`else rm -f ${DROP_IN}; rmdir ${posix.dirname(DROP_IN)} 2>/dev/null;`} fi
act >/dev/null 2>&1; answers
echo "Docker did not start with the new options, so the old ones are back: \${why:-journalctl -u docker shows why}" >&2; exit 1`;
}
