import { expect, test } from 'vitest';
import { useLab } from '../support/lab.ts';
import { xrun } from '../support/xrun.ts';

const PLAYBOOK = 'playbooks/swarm-overlay.yml';
const HOSTS = ['node1', 'node2'];

/**
 * What a host has that the playbook could leave behind or take along. Veths come and go with containers, and Docker's bridge
 * gets the address of its own link with the first container on it, which is one that the test itself starts.
 */
const STATE = `ip -o addr show | grep -v -e veth -e 'docker0 *inet6 fe80' | sed 's/valid_lft.*//; s/^[0-9]*: //' | sort
ip -o link | sed 's/^[0-9]*: //; s/[:@].* mtu/ mtu/' | grep -v veth | sort
ip -4 route; ip -6 route | grep -v -e veth -e 'fe80::/64 dev docker0' | sort; ip rule; ip -6 rule
timeout 60 systemctl is-system-running --wait >/dev/null 2>&1; units=$(systemctl list-unit-files --no-legend) || exit
printf '%s\\n' "$units" | sort; systemctl --failed --no-legend
sysctl -a 2>/dev/null | grep -E '^net[.](ipv4|ipv6)[.](ip_forward|conf[.](all|default|eth0)[.])' | grep -v stable_secret | sort
iptables-save | grep -v '^#' | sed 's/\\[[0-9:]*\\]//' | sort
docker network ls --format '{{.Name}} {{.Driver}}' | sort; docker ps --all --format '{{.Names}}' | sort
find /etc -type f -exec sha256sum {} + | sort -k2; ls -A /var/lib/xrun`;

const lab = useLab({ hosts: 2 });
const states = () => Promise.all(HOSTS.map((host) => lab.ask(host, STATE)));
const run = (...options: string[]) => xrun(PLAYBOOK, '-i', lab.inventory, ...options);
let before: string[] = [];

test('a container that somebody else gave a name that is asked for is refused, with the variable that overrides it', async () => {
  before = await states();
  await lab.ask(
    'node2',
    'docker import /var/lib/xrun/busybox.tar xrun/busybox:1 >/dev/null; docker run --detach --name billing xrun/busybox:1 sleep 100000',
  );
  const id = await lab.ask('node2', 'docker inspect --format {{.Id}} billing');
  const up = await run();
  expect(up.code, up.output).toBe(1);
  expect(up.output).toContain('container billing on node2 lacks the label xrun.playbook=overlay-containers');
  expect(up.output).toContain('-e take_over=true');
  expect(await lab.ask('node2', 'docker inspect --format {{.Id}} billing')).toBe(id);
  expect(await lab.ask('node1', 'docker ps --all --quiet'), 'no other container either').toBe('');
  expect(up.changed, up.output).toEqual([]);
  await lab.ask('node2', 'docker rm --force billing');
});

test('a network that somebody else gave the name of the overlay network is refused before the swarm is made', async () => {
  await lab.ask('node2', 'docker network create overlay');
  const up = await run();
  expect(up.code, up.output).toBe(1);
  expect(up.output).toMatch(
    /the network bridge overlay \(\w+, scope local\) on node2 lacks the label xrun.playbook=overlay-create/,
  );
  expect(up.changed, up.output).toEqual([]);
  expect(await lab.ask('node1', 'docker info --format {{.Swarm.LocalNodeState}}')).toBe('inactive');
  await lab.ask('node2', 'docker network rm overlay');
});

test('absent names what somebody else has in the swarm, and removes nothing', async () => {
  const up = await run();
  expect(up.code, up.output).toBe(0);
  await lab.ask(
    'node1',
    'docker network create --driver overlay theirs && docker service create --quiet --detach --name web --network theirs xrun/busybox:1 sleep 100000 && echo s | docker secret create password -',
  );
  await lab.ask('node2', 'docker run --detach --name mine --network overlay xrun/busybox:1 sleep 100000');
  const nodes = await lab.ask('node1', 'docker node ls --quiet | sort');
  const down = await run('-e', 'state=absent');
  expect(down.code, down.output).toBe(1);
  expect(down.changed, down.output).toEqual([]);
  for (const what of [
    'service web',
    'secret password',
    'network theirs',
    'on node2: container mine in the network overlay',
  ])
    expect(down.output).toContain(what);
  const part = await run('-e', 'state=absent', '--limit', 'node1');
  expect(part.output).toMatch(/node node2 \(\w+\), which is not in this play/);
  expect(part.changed, part.output).toEqual([]);
  expect(await lab.ask('node1', 'docker node ls --quiet | sort')).toBe(nodes);
  await lab.ask('node2', 'docker rm --force mine');
  await lab.ask(
    'node1',
    'docker service rm web && docker secret rm password && until docker network rm theirs 2>/dev/null; do sleep 1; done',
  );
});

test('absent leaves the hosts as they were', async () => {
  const down = await run('-e', 'state=absent');
  expect(down.code, down.output).toBe(0);
  await Promise.all(HOSTS.map((host) => lab.ask(host, 'docker image rm --force xrun/busybox:1 >/dev/null 2>&1; true')));
  expect(await states()).toEqual(before);
});

test('a swarm that no playbook made is left alone', async () => {
  await lab.ask('node1', 'docker swarm init --advertise-addr eth0');
  const down = await run('-e', 'state=absent');
  expect(down.code, down.output).toBe(1);
  expect(down.output).toContain('which no playbook started or joined');
  expect(await lab.ask('node1', "docker info --format '{{.Swarm.LocalNodeState}}'")).toBe('active');
});
