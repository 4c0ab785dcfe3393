import { probeFile } from '../../path/probe.ts';
import { EDIT_LIMIT, fileResource, parseFile } from '../../path/file-state.ts';
import type { FileState } from '../../path/file-state.ts';
import { raw, sequence, sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import type { DecideContext, ProbeResult } from '../../../model/module.ts';
import { dockerJson } from '../api/docker-json.ts';

/** The daemon's file, and, where the host was asked, the daemon. */
export interface DaemonState extends FileState {
  daemon?: {
    installed: boolean;
    /** Or meant to: a daemon that failed is to be started again, one that was stopped is not. */
    running: boolean;
    /** The command line that systemd starts it with. */
    command?: string;
    /** Whether {@link DROP_IN} is there. */
    dropIn: boolean;
    /** What it runs with, of the options that `docker info` reports. */
    live?: Record<string, unknown>;
    /** An earlier run changed the file and did not come to restarting the daemon. */
    pending: boolean;
  };
}

/** Takes `-H` out of the daemon's command line, since it may not be given there and in the file. */
export const DROP_IN = '/etc/systemd/system/docker.service.d/xrun-hosts.conf';

export const DAEMON_FILE = '/etc/docker/daemon.json';

/** In a check: what daemon.json would say of an option after the tasks before this one; undefined where none touched it. */
export function plannedOption(option: string, context: DecideContext): unknown {
  const file = context.check ? (context.planned(fileResource(DAEMON_FILE)) as FileState | undefined) : undefined;
  try {
    return (JSON.parse(file?.content ?? '{}') as Record<string, unknown>)[option];
  } catch {
    return undefined;
  }
}

/** Where the old content waits until the daemon has taken the new one. */
export function keptCopy(path: string): string {
  return `${path}.xrun-before`;
}

/** The key of `docker info` for each option of the daemon. */
const INFO_KEYS: Record<string, string> = {
  'cluster-advertise': 'ClusterAdvertise',
  'cluster-store': 'ClusterStore',
  debug: 'Debug',
  'default-runtime': 'DefaultRuntime',
  experimental: 'ExperimentalBuild',
  'live-restore': 'LiveRestoreEnabled',
  'log-driver': 'LoggingDriver',
  'storage-driver': 'Driver',
};

/** The given options with which the daemon does not run: it has read another file. */
export function unread(wanted: Record<string, unknown>, { daemon }: DaemonState): { option: string; live: unknown }[] {
  return Object.entries(daemon?.live ?? {})
    .filter(([option, live]) => option in wanted && live !== wanted[option] && !namesInterface(option, wanted[option]))
    .map(([option, live]) => ({ option, live }));
}

/** Docker then reports the address of the interface. */
function namesInterface(option: string, value: unknown): boolean {
  return option === 'cluster-advertise' && !/^[\d[]/.test(String(value));
}

/** Reads what {@link parseDaemon} understands. */
export function probeDaemon(path: string, wanted: Record<string, unknown>): Script {
  const inInfo = path === DAEMON_FILE && Object.keys(wanted).some((option) => option in INFO_KEYS);
  const daemon = raw(`command -v dockerd >/dev/null 2>&1 && echo installed=yes
if command -v systemctl >/dev/null 2>&1; then s=$(systemctl show docker.service -p LoadState -p ActiveState -p ExecStart 2>/dev/null); r=$?
case $r:$s in 0:*LoadState=loaded*) case $s in *ActiveState=*ExecStart=*|*ExecStart=*ActiveState=*) ;; *) r=part;; esac;; 0:*LoadState=*ActiveState=*|0:*ActiveState=*LoadState=*|1:) r=0;; 0:*) r=part;; esac
[ $r = 0 ] || { echo "systemctl show docker.service: exit status $r" >&2; exit 1; }; printf '%s\\n' "$s"
else [ -e /var/run/docker.pid ] && echo ActiveState=active; fi
[ -e ${DROP_IN} ] && echo dropin=yes
${inInfo ? `i=$(docker info --format 'info={{json .}}' 2>/dev/null); case $?:$i in 0:info=*) printf '%s\\n' "$i";; 1:*|127:) ;; *) echo 'docker info gave no answer' >&2; exit 1;; esac` : ''}`);
  return sequence(
    sh`${daemon}\n[ -e ${keptCopy(path)} ] && echo pending=yes\ntrue`,
    probeFile(path, { follow: true, checksum: true, content: EDIT_LIMIT }),
  );
}

export function parseDaemon(probe: ProbeResult): DaemonState {
  const has = (text: string) => new RegExp(`^${text}$`, 'm').test(probe.stdout);
  const info = /^info=(\{.*)$/m.exec(probe.stdout)?.[1];
  const command = /^ExecStart=.*argv\[\]=(.*?) ; /m.exec(probe.stdout)?.[1];
  return {
    ...parseFile(probe),
    daemon: {
      installed: has('installed=yes'),
      running: has('ActiveState=(active|activating|reloading|failed)'),
      dropIn: has('dropin=yes'),
      pending: has('pending=yes'),
      ...(command && { command }),
      ...(info && { live: liveOptions(dockerJson<Record<string, unknown>>(info)) }),
    },
  };
}

function liveOptions(info: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(INFO_KEYS).flatMap(([option, key]) => (key in info ? [[option, info[key]]] : [])),
  );
}

/** The command line without its `-H` options; undefined where it has none. */
export function withoutHosts(command: string | undefined): string | undefined {
  const stripped = command?.replace(/\s+(-H|--host)[ =]\S+/g, '');
  return stripped === command ? undefined : stripped;
}
