import { raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import type { ProbeResult } from '../../model/module.ts';
import { isTemplate } from './name.ts';
import { WHOLE } from '../shared/whole.ts';
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
  /** The name that systemd itself has for it, where the task gives an alias. */
  id?: string;
  /** The units that its [Install] section names in Also=, and whether each is enabled. */
  also?: Record<string, string>;
  /** What systemd says is wrong with its file. */
  loadError?: string;
  /** Whether it may be started and stopped by hand at all. */
  canStart?: boolean;
  canStop?: boolean;
  /** The last lines of its journal, where it has failed or is started again and again. */
  words?: string;
  /** All that systemd said of it. */
  properties?: Record<string, string>;
}

/** Those that users of Ansible read in `status`, too. */
const PROPERTIES = `${MISSED_READS},ActiveState,SubState,UnitFileState,UnitFilePreset,NeedDaemonReload,Type,Result,CanReload,CanStart,CanStop,MainPID,LoadError,Description,ExecMainStatus,ExecMainCode,NRestarts,Restart,User,Group,ActiveEnterTimestamp,ActiveEnterTimestampMonotonic,InactiveEnterTimestamp,StateChangeTimestamp,TriggeredBy,Triggers`;

/** Of these, those that every unit has: systemctl prints them after those of its type. */
const EVERY = [
  'Id',
  'Names',
  'LoadState',
  'ActiveState',
  'SubState',
  'FragmentPath',
  'UnitFileState',
  'NeedDaemonReload',
];

/** Asks systemd of a unit, or only whether any unit is stale; OpenRC without systemd. */
export function probeUnit(unit: string | undefined, user: boolean): Script {
  const systemctl = systemctlFor(user);
  const openrc = unit?.replace(/\.service$/, '');
  const asked =
    unit !== undefined
      ? isTemplate(unit)
        ? askTemplate(unit, systemctl)
        : sh`s=$(${systemctl} show -p ${PROPERTIES} -- ${unit} 2>&1) || { printf 'problem=%s\n' "$s"; exit 0; }
nl='
'; for k in ${EVERY}; do case $nl$s in *"$nl$k="*) ;; *) echo "systemctl show printed only a part: $k is missing" >&2; exit 1;; esac; done
printf '%s\n' "$s"; printf '%s\n\n' "$s" | missed ${systemctl.text} || exit
enabled() { _whole ${systemctl} is-enabled -- "$1"; [ $? -lt 125 ] || { echo "systemctl is-enabled gave no answer for $1" >&2; exit 1; }; }
case $s in *UnitFileState=generated*) enabled ${unit}; echo "$_o";;
*UnitFileState=indirect*) f=\${s#*FragmentPath=}; f=\${f%%"$nl"*}; i=
[ ! -r "$f" ] || while IFS= read -r l || [ "$l" ]; do case $l in '[Install]'*) i=y;; '['*) i=;; Also=*|'Also '*=*) [ -z "$i" ] || for a in \${l#*=}; do case $a in *%*) ;; *) enabled "$a"; echo "also=$a $_o";; esac; done;; esac; done <"$f";; esac
case $s in *ActiveState=failed*|*SubState=auto-restart*) echo words:; ${raw(user ? 'journalctl --user' : 'journalctl')} -n 12 --no-pager -o cat -u ${unit} 2>/dev/null | sed 's/^/ /';; esac`
      : sh`s=$(${systemctl} show '*' -p ${MISSED_READS},NeedDaemonReload 2>&1) || { printf 'problem=%s\n' "$s"; exit 0; }; echo LoadState=loaded
case $s in *NeedDaemonReload=yes*) echo NeedDaemonReload=yes;; esac; printf '%s\n\n' "$s" | missed ${systemctl.text} || exit`;
  return sh`${user && raw(USER_BUS)}
if [ -d /run/systemd/system ]; then echo manager=systemd
${raw(WHOLE)}
${MISSED}
${asked}
elif command -v rc-service >/dev/null; then echo manager=openrc
${
  openrc &&
  raw(
    sh`if [ ! -e /etc/init.d/${openrc} ]; then echo LoadState=not-found; else echo LoadState=loaded
rc-service ${openrc} status >/dev/null 2>&1; case $? in 0) echo ActiveState=active;; 32) echo ActiveState=failed;; 12[5-9]|1[3-9]?|2??) echo 'rc-service gave no answer' >&2; exit 1;; *) echo ActiveState=inactive;; esac
[ -e /etc/runlevels/default/${openrc} ] || [ -e /etc/runlevels/boot/${openrc} ] || [ -e /etc/runlevels/sysinit/${openrc} ]
[ $? = 0 ] && echo UnitFileState=enabled || echo UnitFileState=disabled; fi`.text,
  )
}
else echo manager=none; fi; exit 0`;
}

/** `show` knows no templates; is-enabled does. It has no words for one that is missing, but the system's own. */
function askTemplate(unit: string, systemctl: Script): Script {
  return sh`s=$(${systemctl} is-enabled -- ${unit} 2>&1); case $s in
masked|masked-runtime) echo LoadState=masked; echo "UnitFileState=$s";;
*"No such file or directory"*|not-found) echo LoadState=not-found;;
enabled|enabled-runtime|linked|linked-runtime|alias|static|indirect|disabled|generated|transient|bad) echo LoadState=loaded; echo "UnitFileState=$s";;
*) printf 'problem=%s\n' "$s"; exit 0;; esac; echo ActiveState=inactive`;
}

/** What {@link probeUnit} printed; `named`: of a unit. Throws a plain Error where it is not whole. */
export function parseUnit({ rc, stdout: printed, stderr }: ProbeResult, named: boolean): UnitState {
  const [stdout = '', words] = printed.split(/^words:\n/m);
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(stdout)?.[1] ?? '';
  const manager = value('manager') as UnitState['manager'];
  if (rc !== 0 || !manager) throw new Error(`the unit cannot be read: ${stderr || stdout}`);
  const state: UnitState = {
    manager,
    load: value('LoadState'),
    active: value('ActiveState') || 'inactive',
    // Only is-enabled knows whether a script of /etc/init.d is started at boot.
    enabled: /^(enabled|disabled)$/m.exec(stdout)?.[1] ?? (value('UnitFileState') || 'disabled'),
    stale: value('NeedDaemonReload') === 'yes' || stdout.includes('\nNeedDaemonReload=yes'),
  };
  const problem = /^problem=([\s\S]*)/m.exec(stdout)?.[1]?.trim();
  if (problem !== undefined) return { ...state, problem };
  if (manager !== 'none' && (!state.load || (manager === 'systemd' && named && !value('ActiveState'))))
    throw new Error(`unexpected output of systemctl: ${stdout.trim() || 'nothing'}`);
  const also = [...stdout.matchAll(/^also=(\S+) (.*)$/gm)].map(([, unit, found]) => [unit, found]);
  const loadError = /^(?:\S+ )?"?(.*?)"?$/.exec(value('LoadError'))?.[1];
  const texts = {
    sub: value('SubState'),
    type: value('Type'),
    result: value('Result'),
    file: value('FragmentPath'),
    id: value('Id'),
    loadError,
    words: words && journalOf(words),
  };
  const flags = { canReload: value('CanReload'), canStart: value('CanStart'), canStop: value('CanStop') };
  Object.assign(state, Object.fromEntries(Object.entries(texts).filter(([, text]) => text)));
  Object.assign(
    state,
    Object.fromEntries(
      Object.entries(flags)
        .filter(([, word]) => word)
        .map(([key, word]) => [key, word === 'yes']),
    ),
  );
  if (also.length > 0) state.also = Object.fromEntries(also) as Record<string, string>;
  if (Number(value('MainPID')) > 0) state.pid = Number(value('MainPID'));
  const properties = [...stdout.matchAll(/^([A-Z]\w+)=(.*)$/gm)].map(([, key, text]) => [key, text]);
  if (manager === 'systemd' && properties.length > 0)
    state.properties = Object.fromEntries(properties) as Record<string, string>;
  return state;
}

/** The lines of a journal, each of which the probe has put behind a blank. */
function journalOf(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(1))
    .join('\n');
}

/** The user's own manager is reached over a socket that a log-in without PAM does not name. */
const USER_BUS = 'export XDG_RUNTIME_DIR="${XDG_RUNTIME_DIR:-/run/user/$(id -u)}"';

function systemctlFor(user: boolean): Script {
  return raw(user ? 'systemctl --user' : 'systemctl');
}

/** What is to be done to a unit, in the words of both managers. */
export type Verb = 'start' | 'stop' | 'restart' | 'reload' | 'enable' | 'disable' | 'mask' | 'unmask';

/** The command for it; a service that does not start prints the end of its journal. */
export function unitCommand(
  verb: Verb,
  unit: string,
  manager: UnitState['manager'],
  user: boolean,
  options: readonly string[] = [],
): Script {
  if (manager === 'openrc') return openrcCommand(verb, unit.replace(/\.service$/, ''));
  const command = sh`${user && raw(`${USER_BUS}; `)}${systemctlFor(user)} ${[verb, ...options]} -- ${unit}`;
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
