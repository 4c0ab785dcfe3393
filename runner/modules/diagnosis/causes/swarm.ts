import { listed, pathsOf, seen } from './cause.ts';
import type { Cause, Find, Scene } from './cause.ts';
import type { HostView, NodeView } from '../view/view.ts';

/** Docker, and what the hosts and the managers of a swarm know of each other. */
export const swarm: Find = (scene) => [...daemons(scene), ...memberships(scene), ...managers(scene)];

function daemons(scene: Scene): Cause[] {
  return seen(scene).flatMap(([host, { docker }]): Cause[] =>
    docker.trouble === undefined
      ? []
      : [
          {
            severity: 'cause',
            hosts: [host],
            text: `Docker on ${host} does not answer (${docker.trouble})`,
            fix: `see \`journalctl -u docker\` on ${host}, and start it with \`systemctl start docker\``,
            paths: pathsOf(host, scene),
            control: true,
          },
        ],
  );
}

/** Whether the network needs a swarm: it is an overlay network, or the hosts know of one. */
function swarmed(scene: Scene): boolean {
  return seen(scene).some(
    ([, { docker, network }]) => docker.swarm.state === 'active' && (!network || network.driver === 'overlay'),
  );
}

function memberships(scene: Scene): Cause[] {
  if (!swarmed(scene)) return [];
  const known = knownNodes(scene);
  return seen(scene).flatMap(([host, { docker, hostname }]) => {
    if (docker.trouble !== undefined) return [];
    const problem = membership(host, docker, hostname, known);
    return problem
      ? [{ severity: 'cause', hosts: [host], paths: pathsOf(host, scene), control: true, ...problem }]
      : [];
  });
}

/** What all managers together know of the nodes; undefined where no manager could list them. */
function knownNodes(scene: Scene): NodeView[] | undefined {
  const lists = seen(scene).flatMap(([, { docker }]) => (docker.nodes ? [docker.nodes] : []));
  return lists.length > 0 ? lists.flat() : undefined;
}

function membership(
  host: string,
  { swarm: own }: HostView['docker'],
  hostname: string,
  known: readonly NodeView[] | undefined,
): Pick<Cause, 'text' | 'fix' | 'passing'> | undefined {
  if (own.state === 'inactive') return { text: `${host} is not in the swarm`, fix: 'join it: run swarm-overlay.yml' };
  if (own.state === 'locked')
    return {
      text: `the swarm on ${host} is locked since its Docker was started again`,
      fix: `\`docker swarm unlock\` on ${host}`,
    };
  if (own.state !== 'active')
    return {
      text: `the swarm membership of ${host} is ${own.state || 'unknown'}${own.error && ` (${own.error})`}`,
      fix: `\`docker swarm leave --force\` on ${host}, then run swarm-overlay.yml, which joins it again`,
    };
  if (!known) return undefined;
  const entry = known.find(({ id }) => id === own.nodeId);
  if (!entry) {
    const other = known.find((node) => node.hostname === hostname);
    return {
      text: `${host} (node ${own.nodeId}, ${own.address}) takes itself for a member, but the managers do not know it: it was removed, or belongs to another swarm${other ? `; they know another node ${hostname} (${other.id}, ${other.address})` : ''}`,
      fix: `\`docker swarm leave --force\` on ${host}, then run swarm-overlay.yml, which joins it again`,
    };
  }
  if (entry.state !== 'ready')
    return {
      text: `the managers have ${host} as ${entry.state}: its Docker has no session with them`,
      fix: `see that ${host} reaches tcp/2377 of a manager, and \`journalctl -u docker\` there; \`systemctl restart docker\` begins a new session`,
      passing: true,
    };
  return undefined;
}

function managers(scene: Scene): Cause[] {
  const leaderless = seen(scene).filter(
    ([, { docker }]) => docker.swarm.manager && (docker.nodesTrouble ?? docker.swarm.error).match(/leader|quorum/i),
  );
  const gone = seen(scene).flatMap(([, { docker }]) =>
    (docker.nodes ?? []).filter(({ reachability, id }) => reachability === 'unreachable' && id !== docker.swarm.nodeId),
  );
  const names = listed(gone.map(({ hostname, address }) => `${hostname} (${address})`));
  return [
    ...(leaderless.length > 0
      ? [
          {
            severity: 'cause' as const,
            hosts: leaderless.map(([host]) => host),
            text: `the swarm has no leader: fewer than half of its managers are there (${listed(leaderless.map(([host]) => host))} see no quorum)`,
            fix: `bring the other managers back; where they are lost for good, \`docker swarm init --force-new-cluster\` on ${leaderless[0]![0]}`,
            paths: [],
          },
        ]
      : []),
    ...(gone.length > 0
      ? [
          {
            severity: 'warning' as const,
            hosts: seen(scene).flatMap(([host, { docker }]) => (docker.nodes ? [host] : [])),
            text: `the manager ${names} is not reachable by the others`,
            fix: 'bring it back, or remove it with `docker node demote` and `docker node rm`: the swarm counts it for its quorum',
            paths: [],
          },
        ]
      : []),
  ];
}
