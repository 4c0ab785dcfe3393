import { argv, raw, sh } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';
import { keptCopy } from './daemon-state.ts';

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
export const VALIDATE = raw(`if dockerd --help 2>&1 | grep -q -e --validate; then dockerd --validate --config-file "$1" >/dev/null; fi`);

/** Keeps the old file until the daemon has taken the new one; a copy that is there already is the older one. */
export function keep(path: string): Script {
  return sh`[ -e ${keptCopy(path)} ] || if [ -e ${path} ]; then cp -p ${path} ${keptCopy(path)}; else : >${keptCopy(path)}; fi`;
}

/** There is nothing to restart: the new file is taken when the daemon starts. */
export function forget(path: string): Script {
  return argv('rm', '-f', keptCopy(path));
}

/** Makes the daemon read the file and waits until it answers, `seconds` at most; puts the old file back where it does not. */
export function activate(path: string, reload: boolean, seconds: number): Script {
  const kept = keptCopy(path);
  return sh`act() { if command -v systemctl >/dev/null 2>&1; then systemctl daemon-reload && systemctl ${reload ? 'reload' : 'restart'} docker; else service docker ${reload ? 'reload' : 'restart'}; fi; }
answers() { n=0; until docker version >/dev/null 2>&1; do [ $n -lt ${Math.ceil(seconds)} ] || return 1; n=$((n+1)); sleep 1; done; }
if act >/dev/null 2>&1 && answers; then rm -f ${kept}; exit 0; fi
why=$(journalctl -u docker -n 30 -o cat --no-pager 2>/dev/null | grep -i -e 'unable to' -e 'failed to start' -e invalid -e conflict | tail -n 1)
if [ -s ${kept} ]; then mv ${kept} ${path}; else rm -f ${kept} ${path}; fi
systemctl reset-failed docker.service docker.socket 2>/dev/null; act >/dev/null 2>&1
echo "Docker did not start with the new options, so the old ones are back: $why" >&2; exit 1`;
}
