import type { Step } from '../modules/module.ts';
import { quote, raw, sh } from '../shell/script.ts';
import type { PutFile } from '../shell/host-shell.ts';
import type { Script } from '../shell/script.ts';

/** Where a guarded change keeps its scripts, its snapshot and its state on the target. */
export function guardDir(id: string): string {
  return `/run/xrun-guard-${id}`;
}

/**
 * Reads the network, the units of sshd that run, and the files that will change into the guard's directory: `links`,
 * `addresses`, `routes4`, `ovs-ports`, `sshd`, `files/`. Only the kinds of link that a change makes are remembered as removable: veths come and go by Docker.
 */
export function snapshotScript(dir: string, files: readonly string[]): Script {
  return raw(`
set -e
umask 077
mkdir -p ${quote(dir)}/files
cd ${quote(dir)}
ip -o link show > links
ip -o addr show > addresses
ip -4 route show table main > routes4
ip -6 route show table main > routes6 2>/dev/null || :
ip -o -d link show type bridge 2>/dev/null | sed 's/^[0-9]*: //; s/[:@].*//' > bridges
cat /proc/sys/net/ipv4/ip_forward > ip_forward 2>/dev/null || :
: > sshd
if [ -d /run/systemd/system ]; then for unit in ssh.socket sshd.socket ssh.service sshd.service; do systemctl is-active -q $unit && echo $unit >> sshd; done; fi
if command -v ovs-vsctl >/dev/null 2>&1 && ovs-vsctl --timeout=5 list-br > ovs-bridges 2>/dev/null; then
  : > ovs-ports
  while read -r br; do ovs-vsctl --timeout=5 list-ports "$br" | sed "s/^/$br /" >> ovs-ports; done < ovs-bridges
fi
n=0
: > files/list
for f in ${files.map(quote).join(' ')}; do
  n=$((n + 1))
  printf '%s %s\\n' "$n" "$f" >> files/list
  if [ -e "$f" ] || [ -L "$f" ]; then cp -a -- "$f" files/$n; fi
done
`);
}

/**
 * Puts everything back as the snapshot has it, once: whoever makes the directory `decided` first, this script or the
 * confirmation, wins. Each line goes on whatever became of the one before, since half a network is worse than a mess.
 */
export function rollbackScript(dir: string, networkFiles: boolean): string {
  return `#!/bin/sh
cd ${quote(dir)} || exit 1
mkdir decided 2>/dev/null || exit 0
echo rolling-back > state
[ -s apply.pid ] && kill -TERM "-$(cat apply.pid)" 2>/dev/null
while read -r n f; do
  if [ -e "files/$n" ] || [ -L "files/$n" ]; then cp -a -- "files/$n" "$f.xrun-back" && mv -f -- "$f.xrun-back" "$f"
  else rm -rf -- "$f"; fi
done < files/list
if [ -f ovs-bridges ]; then
  for br in $(ovs-vsctl --timeout=5 list-br); do
    if ! grep -qxF "$br" ovs-bridges; then ovs-vsctl --timeout=5 --if-exists del-br "$br"; continue; fi
    for port in $(ovs-vsctl --timeout=5 list-ports "$br"); do
      grep -qxF "$br $port" ovs-ports || ovs-vsctl --timeout=5 --if-exists del-port "$br" "$port"
    done
  done
  while read -r br port; do ovs-vsctl --timeout=5 --may-exist add-port "$br" "$port"; done < ovs-ports
fi
for kind in bridge vxlan gretap gre ipip macvlan ipvlan dummy bond vlan; do
  ip -o link show type $kind 2>/dev/null | sed 's/^[0-9]*: //; s/[:@].*//' | while read -r link; do
    grep -q "^[0-9]*: $link[:@]" links || ip link del "$link"
  done
done
${networkFiles ? 'command -v systemctl >/dev/null 2>&1 && systemctl is-active -q systemd-networkd && { networkctl reload 2>/dev/null || systemctl restart systemd-networkd; sleep 1; }' : ''}
while IFS= read -r line; do
  link=\${line#*: }; link=\${link%%:*}; link=\${link%%@*}
  mtu=$(printf '%s\\n' "$line" | sed -n 's/.* mtu \\([0-9]*\\) .*/\\1/p')
  master=$(printf '%s\\n' "$line" | sed -n 's/.* master \\([^ ]*\\) .*/\\1/p')
  mac=$(printf '%s\\n' "$line" | sed -n 's/.*link\\/ether \\([0-9a-f:]*\\).*/\\1/p')
  ip link show dev "$link" >/dev/null 2>&1 || continue
  case $master in '') ip link set dev "$link" nomaster ;; ovs-system) : ;; *) ip link set dev "$link" master "$master" ;; esac
  [ -n "$mac" ] && [ "$(cat "/sys/class/net/$link/address" 2>/dev/null)" != "$mac" ] && ip link set dev "$link" address "$mac"
  [ -n "$mtu" ] && ip link set dev "$link" mtu "$mtu"
  case $line in *'<'*[,\\<]UP[,\\>]*) ip link set dev "$link" up ;; *) ip link set dev "$link" down ;; esac
done < links
ip -o addr show | while read -r _n link family address rest; do
  case $family in inet) ;; inet6) case $address in fe80:*) continue ;; esac ;; *) continue ;; esac
  grep -q "^[0-9]*: $link  *$family $address " addresses || ip addr del "$address" dev "$link"
done
while read -r _n link family address rest; do
  case $family in inet) ;; inet6) case $address in fe80:*) continue ;; esac ;; *) continue ;; esac
  ip -o addr show dev "$link" | grep -q " $family $address " && continue
  brd=; case $rest in *'brd '*) brd=\${rest#*brd }; brd="brd \${brd%% *}" ;; esac
  ip addr add "$address" $brd dev "$link"
done < addresses
ip -4 route show table main | while read -r route; do grep -qxF "$route" routes4 || ip -4 route del $route 2>/dev/null; done
for pass in 1 2; do
  while read -r route; do ip -4 route replace $(printf '%s' "$route" | sed 's/ linkdown//; s/ dead//') 2>/dev/null; done < routes4
done
[ -s ip_forward ] && cat ip_forward > /proc/sys/net/ipv4/ip_forward
while read -r unit; do systemctl is-active -q "$unit" || systemctl start "$unit"; done < sshd
ip neigh flush all 2>/dev/null
command -v ovs-appctl >/dev/null 2>&1 && { ovs-appctl -T 5 tnl/neigh/flush || ovs-appctl -T 5 tnl/arp/flush; } >/dev/null 2>&1
echo rolled-back > state
`;
}

/**
 * The whole change as one script that needs no controller. It notes how far it came; the first step that fails ends
 * it and rolls back at once.
 */
export function applyScript(dir: string, steps: readonly GuardedStep[]): string {
  const parts = steps.map(
    ({ text }, i) => `echo ${i} > step
( ${text}
) >> log 2>&1 </dev/null || { rc=$?; echo "failed ${i} $rc" > state; rm -f apply.pid; sh ./rollback.sh >> log 2>&1; echo "failed ${i} $rc" > state; exit 1; }`,
  );
  return `#!/bin/sh
cd ${quote(dir)} || exit 1
echo $$ > apply.pid
[ -d decided ] && exit 1
echo applying > state
${parts.join('\n')}
echo applied > state
`;
}

/** A step as a piece of the apply script, and whose task it is. */
export interface GuardedStep {
  task: number;
  text: string;
}

/** A file that was staged at `staged`, put in its place as `put` would: beside the target, then renamed. */
export function placeStaged(file: PutFile, staged: string): string {
  const path = quote(file.path);
  const temporary = quote(`${file.path}.xrun-new`);
  return `mkdir -p "$(dirname ${path})" && cp -- ${quote(staged)} ${temporary} &&
  { [ ! -e ${path} ] || { chmod --reference=${path} ${temporary} 2>/dev/null; chown --reference=${path} ${temporary} 2>/dev/null; :; }; } &&
  ${file.mode ? `chmod ${quote(file.mode)} ${temporary} &&` : ''} ${file.owner || file.group ? `chown ${quote(`${file.owner ?? ''}${file.group ? `:${file.group}` : ''}`)} ${temporary} &&` : ''}
  mv -f -- ${temporary} ${path}`;
}

/** The steps of a decision as script text. Steps that need the controller (a download, a new log-in) cannot be guarded. */
export function compileStep(step: Step, staged: string): string | undefined {
  if (step.do === 'put') return placeStaged(step.file, staged);
  if (step.do === 'sleep') return sh`sleep ${step.seconds}`.text;
  if (step.do !== 'run') return undefined;
  const { script, cwd } = step;
  const stdin = script.stdin === undefined ? '' : ` < ${quote(staged)}`;
  return `${cwd ? `cd ${quote(cwd)} && ` : ''}(\n${script.text}\n)${stdin}`;
}

/**
 * Starts the timer that rolls back by itself: a transient unit where systemd runs, else a detached shell. It is
 * armed before anything changes, and lives on when the session that armed it is cut.
 */
export function armScript(id: string, seconds: number): Script {
  const dir = guardDir(id);
  return raw(`
cd ${quote(dir)} && echo armed > state || exit 1
if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null 2>&1; then
  systemd-run --quiet --collect --unit=xrun-guard-${id} --on-active=${seconds}s --timer-property=AccuracySec=100ms /bin/sh ${dir}/rollback.sh
else
  setsid sh -c 'sleep ${seconds}; exec sh ${dir}/rollback.sh' </dev/null >/dev/null 2>&1 &
fi`);
}

/** Starts the change, detached: it goes on when this session is cut. */
export function launchScript(id: string): Script {
  const dir = guardDir(id);
  return raw(`
if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null 2>&1; then
  systemd-run --quiet --collect --unit=xrun-apply-${id} /bin/sh ${dir}/apply.sh
else
  setsid sh ${dir}/apply.sh </dev/null >/dev/null 2>&1 &
fi`);
}

/** Ends the guard in favour of the change. Exits 1 where the rollback was faster. */
export function disarmScript(id: string): Script {
  const dir = guardDir(id);
  return raw(`
mkdir ${dir}/decided 2>/dev/null || exit 1
echo confirmed > ${dir}/state
if [ -d /run/systemd/system ]; then systemctl stop xrun-guard-${id}.timer 2>/dev/null; fi
rm -rf ${dir}
exit 0`);
}

/** The guard's state in one word or line, and the end of its log on stderr. */
export function stateScript(id: string): Script {
  const dir = guardDir(id);
  return raw(`cat ${dir}/state 2>/dev/null || echo gone; tail -n 5 ${dir}/log >&2 2>/dev/null; :`);
}

/** Rolls back now, in its own session, because it may cut the one that asks. */
export function rollbackNowScript(id: string): Script {
  const dir = guardDir(id);
  return raw(`
if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null 2>&1; then
  systemd-run --quiet --collect --unit=xrun-back-${id} /bin/sh ${dir}/rollback.sh
else
  setsid sh ${dir}/rollback.sh </dev/null >/dev/null 2>&1 &
fi`);
}
