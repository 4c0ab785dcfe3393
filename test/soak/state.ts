import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Console } from '../../lab/console.ts';

/** All of a host that a guarded change may touch, and what a guard could leave behind, as lines to compare. */
const STATE = `exec 2>/dev/null
# An address is tentative for a second or two, until the kernel knows that nobody else has it.
n=0; while [ "$(ip -6 addr show tentative)" ] && [ $n -lt 50 ]; do n=$((n + 1)); sleep 0.1; done
ip -o addr | sed 's/^[0-9]*: //; s/ *\\\\ .*//; s/ nodad//; /^veth/d' | sort | sed 's/^/address /'
ip -o link | sed 's/^[0-9]*: //; s/ qlen.*//; s/ qdisc [a-z_]*//; s/,LOWER_UP//; s/NO-CARRIER,//; s/ state [A-Z]*//; /^veth/d' | sort | sed 's/^/link /'
for family in 4 6; do ip -$family route show table all | grep -v -e veth -e ' table local' -e 'multicast ff00' | sed 's/ linkdown//' | sort | sed "s/^/route$family /"; ip -$family rule | sed "s/^/rule$family /"; done
ovs-vsctl --timeout=5 --format=csv --columns=name,type,options list interface | sort | sed 's/^/ovs /'
for unit in ssh.service ssh.socket systemd-networkd.service; do echo "unit $unit $(systemctl is-active $unit) $(systemctl is-enabled $unit)"; done
systemctl --failed --no-legend --plain | sed 's/^/failed /'
systemctl list-units --all --no-legend --plain 'xrun-*' | sed 's/^/unit /'
find /etc /srv /var/lib/xrun \\( -name '*.xrun-*' -o -type f -o -type l -o -type d \\) -printf 'file %p %M %u:%g %l\\n' | sort
find /etc -type f -exec md5sum {} + | sort -k 2 | sed 's/^/content /'
cat /proc/sys/net/ipv4/ip_forward
ps -eo args= | grep -e '[/]run/xrun-guard' -e '[a]pply\\.sh' -e '[r]ollback\\.sh' | sed 's/^/process /'
# A controller that was killed while it saved could not arm anything that cleans up behind it.
for state in /run/xrun-guard-*/state; do [ -e "$state" ] && find "$(dirname "$state")" -mindepth 1 ! -name '*log' ! -name state ! -name decided ! -name until -printf 'left %p\\n'; done | sort
true`;

/** A host's state, line by line, asked on its console, without the lines that are set `aside`. */
export async function stateOf(console: Console, aside?: RegExp): Promise<string[]> {
  return (await console.run(STATE)).stdout.split('\n').filter((line) => line !== '' && !aside?.test(line));
}

/** What one state has and the other has not, `-` for lines that are gone and `+` for new ones. */
export function differences(before: readonly string[], after: readonly string[]): string[] {
  const [was, is] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !is.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !was.has(line)).map((line) => `+ ${line}`),
  ];
}

/** How far a guarded change has come, read past the host without a process there. */
export type Stage = 'nothing' | 'saving' | 'armed' | 'applying' | 'applied' | 'ended';

export function stageOf({ root }: Console): Stage {
  const run = join(root, 'run');
  const guard = readdirSync(run).find((name) => name.startsWith('xrun-guard-'));
  if (!guard) return 'nothing';
  try {
    const word = readFileSync(join(run, guard, 'state'), 'utf8').trim();
    return word === 'armed' || word === 'applying' || word === 'applied' ? word : 'ended';
  } catch {
    return 'saving';
  }
}
