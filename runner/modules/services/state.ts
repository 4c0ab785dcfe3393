import { raw, sh } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';
import type { ProbeResult } from '../module.ts';
import { MISSED, MISSED_READS } from './stale.ts';

/** A unit of systemd's, or a service of OpenRC's in the same words. */
export interface UnitState {
  manager: 'systemd' | 'openrc' | 'none';
  /** Why the manager cannot be asked. */
  problem?: string;
  /** `loaded`, `not-found`, `masked`, `error`... */
  load: string;
  /** `active`, `inactive`, `failed`, `activating`... */
  active: string;
  sub?: string;
  /** `enabled`, `disabled`, `static`... */
  enabled: string;
  /** Its files changed since systemd read them; without a unit, those of any unit. */
  stale: boolean;
  type?: string;
  result?: string;
  canReload?: boolean;
  /** The file that defines it. */
  file?: string;
  pid?: number;
}

const PROPERTIES = `${MISSED_READS},ActiveState,SubState,UnitFileState,NeedDaemonReload,Type,Result,CanReload,MainPID`;

/** Asks systemd of a unit, or only whether any unit is stale; OpenRC where there is no systemd. */
export function probeUnit(unit: string | undefined, user: boolean): Script {
  const systemctl = systemctlFor(user);
  const openrc = unit?.replace(/\.service$/, '');
  const asked = unit
    ? sh`s=$(${systemctl} show -p ${PROPERTIES} -- ${unit} 2>&1); echo "$s"; printf '%s\n\n' "$s" | missed ${systemctl.text}
case $s in *UnitFileState=generated*) ${systemctl} is-enabled -- ${unit} 2>/dev/null;; esac`
    : sh`s=$(${systemctl} show '*' -p ${MISSED_READS},NeedDaemonReload 2>&1); echo LoadState=loaded
echo "$s" | grep -v '^\(Id\|Names\|LoadState\|FragmentPath\|DropInPaths\)=' | sort -u; printf '%s\n\n' "$s" | missed ${systemctl.text}`;
  return sh`${user && raw(USER_BUS)}
if [ -d /run/systemd/system ]; then echo manager=systemd
${MISSED}
${asked}
elif command -v rc-service >/dev/null; then echo manager=openrc
${openrc && raw(sh`if [ ! -e /etc/init.d/${openrc} ]; then echo LoadState=not-found; else echo LoadState=loaded
rc-service ${openrc} status >/dev/null 2>&1; case $? in 0) echo ActiveState=active;; 32) echo ActiveState=failed;; *) echo ActiveState=inactive;; esac
[ -e /etc/runlevels/default/${openrc} ] || [ -e /etc/runlevels/boot/${openrc} ] || [ -e /etc/runlevels/sysinit/${openrc} ]
[ $? = 0 ] && echo UnitFileState=enabled || echo UnitFileState=disabled; fi`.text)}
else echo manager=none; fi; exit 0`;
}

/** What {@link probeUnit} printed. */
export function parseUnit({ stdout }: ProbeResult): UnitState {
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(stdout)?.[1] ?? '';
  const manager = value('manager') as UnitState['manager'];
  const state: UnitState = {
    manager,
    load: value('LoadState'),
    active: value('ActiveState') || 'inactive',
    // Only is-enabled knows whether a script of /etc/init.d is started at boot.
    enabled: /^(enabled|disabled)$/m.exec(stdout)?.[1] ?? (value('UnitFileState') || 'disabled'),
    stale: value('NeedDaemonReload') === 'yes' || stdout.includes('\nNeedDaemonReload=yes'),
  };
  if (manager === 'systemd' && !state.load) state.problem = stdout.replace(/^manager=.*\n/, '').trim();
  if (value('SubState')) state.sub = value('SubState');
  if (value('Type')) state.type = value('Type');
  if (value('Result')) state.result = value('Result');
  if (value('CanReload')) state.canReload = value('CanReload') === 'yes';
  if (value('FragmentPath')) state.file = value('FragmentPath');
  if (Number(value('MainPID')) > 0) state.pid = Number(value('MainPID'));
  return state;
}

/** The user's own manager is reached over a socket that a log-in without PAM does not name. */
const USER_BUS = 'export XDG_RUNTIME_DIR="${XDG_RUNTIME_DIR:-/run/user/$(id -u)}"';

function systemctlFor(user: boolean): Script {
  return raw(user ? 'systemctl --user' : 'systemctl');
}

/** What is to be done to a unit, in the words of both managers. */
export type Verb = 'start' | 'stop' | 'restart' | 'reload' | 'enable' | 'disable' | 'mask' | 'unmask';

/** The command for it; a service that does not start tells the end of its journal. */
export function unitCommand(verb: Verb, unit: string, manager: UnitState['manager'], user: boolean): Script {
  if (manager === 'openrc') return openrcCommand(verb, unit.replace(/\.service$/, ''));
  const command = sh`${user && raw(`${USER_BUS}; `)}${systemctlFor(user)} ${verb} -- ${unit}`;
  // Masked until the next boot, and for good: each is taken back on its own.
  if (verb === 'unmask') return sh`${command} && ${systemctlFor(user)} unmask --runtime -- ${unit}`;
  if (verb !== 'start' && verb !== 'restart' && verb !== 'reload') return command;
  const journal = raw(user ? 'journalctl --user' : 'journalctl');
  return sh`${command} || { rc=$?; ${journal} -n 15 --no-pager -o cat -u ${unit} >&2; exit $rc; }`;
}

/** Makes systemd read all unit files again. */
export function reloadManager(user: boolean, reexec = false): Script {
  return sh`${user && raw(`${USER_BUS}; `)}${systemctlFor(user)} ${reexec ? 'daemon-reexec' : 'daemon-reload'}`;
}

function openrcCommand(verb: Verb, service: string): Script {
  if (verb === 'enable') return sh`rc-update add ${service} default`;
  if (verb === 'disable') return sh`rc-update del ${service}`;
  return sh`rc-service ${service} ${verb}`;
}
