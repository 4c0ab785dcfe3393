import { consoleOf } from '../../lab/console.ts';
import { hostOf } from '../../lab/lab.ts';
import { differences, stateOf } from '../soak/state.ts';
import type { TestLab } from '../support/lab.ts';

/** What Docker has, and what starts and runs beside it: containers by their ids, with the time they were started. */
const MORE = `docker ps --all --no-trunc --format '{{.ID}} {{.Names}}' | sort | sed 's/^/container /'
docker ps --no-trunc --format '{{.Names}} runs' | sort
docker network ls --no-trunc --format '{{.Name}} {{.Driver}} {{.Scope}} {{.Labels}}' | sort | sed 's/^/network /'
docker network ls --format '{{.Name}}' | grep -vx -e bridge -e host -e none | xargs -r docker network inspect --format '{{.Id}}' | sort | sed 's/^/network id /'
docker info --format 'swarm {{.Swarm.LocalNodeState}} {{.Swarm.NodeID}}'
systemctl list-unit-files --no-legend --plain | awk '{ print "unit file", $1, $2 }' | sort
systemctl list-units --type service --state running --no-legend --plain | awk '{ print "runs", $1 }' | grep -v -e '@' -e systemd-hostnamed -e systemd-timedated -e apt | sort
iptables-save | grep -v '^[#:]' | sort | sed 's/^/rule /'
sysctl -a 2>/dev/null | grep -E '^net[.](ipv4|ipv6)[.](ip_forward|conf[.](all|default|eth0)[.])' | grep -v -e stable_secret -e '[.]mc_' | sort
ls -A /usr/local/bin | sed 's/^/program /'`;

/** How hosts are, to compare: by host, its state line by line. Docker's own bridge gets its link's address with the first container. */
export async function hostStates(lab: TestLab, hosts: readonly string[]): Promise<Map<string, string[]>> {
  const states = await Promise.all(
    hosts.map(async (host) => {
      const lines = await stateOf(
        await consoleOf(lab.state, hostOf(lab.state, host)),
        /docker\S* .*fe80|^unit xrun-|^link docker|fe80::\/64 dev docker|dev docker_?[a-z0-9]* .*fe80/,
      );
      return [host, [...lines, ...(await lab.ask(host, MORE)).split('\n')]] as [string, string[]];
    }),
  );
  return new Map(states);
}

/** What has changed on the hosts since, one line each; empty where nothing has. */
export function changesOf(before: Map<string, string[]>, after: Map<string, string[]>): string[] {
  return [...before].flatMap(([host, lines]) =>
    differences(lines, after.get(host) ?? []).map((line) => `${host} ${line}`),
  );
}
