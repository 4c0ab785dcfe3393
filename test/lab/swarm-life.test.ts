import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { useLab, WHOLE } from '../support/lab.ts';
import { xrun } from '../support/xrun.ts';
import { accessDir } from '../../lab/paths.ts';

const PLAYBOOK = 'playbooks/swarm-overlay.yml';

const OPTIONS = [
  '-e',
  JSON.stringify({
    docker_options: { 'log-driver': 'json-file', 'log-opts': { 'max-size': '10m' } },
    docker_environment: { NO_PROXY: 'localhost,198.18.0.0/15' },
  }),
];

const DROP_IN = '/etc/systemd/system/docker.service.d/xrun-environment.conf';

/** What a check may not change: files of /etc with their modes, what Docker knows, interfaces, addresses, routes. */
const STATE = `find /etc -type f -exec sha256sum {} + -exec stat -c '%n %a %U' {} + | sort
docker info --format '{{.Swarm.LocalNodeState}} {{.LoggingDriver}}'; docker network ls -q | sort; docker ps -aq | sort
ip -o link show | sed 's/^[0-9]*: //; s/[:@].*//' | sort; ip -4 route | sort`;

const NODES = ['node1', 'node2', 'node3'];

const lab = useLab();
let inventory = '';
const nodes = async (asked = 'node2') =>
  (await lab.ask(asked, "docker node ls --format '{{.Hostname}} {{.Status}} {{.ManagerStatus}}'")).split('\n').sort();
const run = (...options: string[]) => xrun(PLAYBOOK, '-i', inventory, ...OPTIONS, ...options);

/** What is done by hand, and exactly what a run then has to repair. */
const DRIFT = [
  {
    by: "daemon.json was edited, and a drop-in's mode was changed",
    on: 'node3',
    command: `echo '{"log-driver": "journald", "debug": true}' >/etc/docker/daemon.json; chmod 644 ${DROP_IN}`,
    repairs: ['node3 Docker takes it', "node3 Docker's options", 'node3 Its drop-in'],
  },
  {
    by: 'the network was removed',
    on: 'node1',
    command: 'docker rm -f order >/dev/null; docker network rm overlay',
    others: 'docker rm -f billing api >/dev/null 2>&1; true',
    repairs: ['node1 Containers', 'node1 Network overlay', 'node2 Containers', 'node3 Containers'],
  },
  {
    by: 'a container was stopped, one is in another network, too, and a node was drained',
    on: 'node2',
    command: 'docker stop -t 1 billing; docker node update --availability drain node3',
    others: 'docker network connect bridge api 2>/dev/null; true',
    repairs: ['node2 Containers', 'node3 Containers', 'node3 Ready, in its role, and without entries of earlier lives'],
  },
];

beforeAll(async () => {
  inventory = join(accessDir('test-bookworm-3'), 'three-managers.yml');
  const text = await readFile(lab.inventory, 'utf8');
  // All three become managers, so that the swarm lives on without the first.
  const hosts = lab.state.hosts.map(({ name, address }) => `        ${name}: {xrun_host: ${address}}\n`).join('');
  await writeFile(
    inventory,
    text.replace(/managers:\n[\s\S]*?(?= {4}lab:)/, `managers:\n      hosts:\n${hosts}    workers:\n      hosts: {}\n`),
  );
});

test('three managers form a swarm, with the options and the environment their daemons are to have', async () => {
  const first = await run();
  expect(first.code, first.output).toBe(0);
  expect(first.output).toContain('6 of 6 paths work');
  expect(await nodes()).toEqual(['node1 Ready Leader', 'node2 Ready Reachable', 'node3 Ready Reachable']);
  for (const node of NODES) {
    expect(await lab.ask(node, 'systemctl show docker -p Environment --value')).toContain(
      'NO_PROXY=localhost,198.18.0.0/15',
    );
    expect(await lab.ask(node, "docker info --format '{{.LoggingDriver}}'")).toBe('json-file');
  }
  const again = await run();
  expect(again.changed, again.output).toEqual([]);
});

test.each(DRIFT)(
  '$by: a check tells it and writes nothing, a run repairs that and nothing else',
  async ({ on, command, others, repairs }) => {
    if (others) for (const node of NODES.filter((one) => one !== on)) await lab.ask(node, others);
    await lab.ask(on, command);
    const before = await Promise.all(NODES.map((node) => lab.ask(node, STATE)));
    const told = await run('--check', '--diff');
    expect(told.code, told.output).toBe(0);
    expect(told.changed, told.output).toEqual(repairs);
    expect(await Promise.all(NODES.map((node) => lab.ask(node, STATE)))).toEqual(before);
    const mended = await run();
    expect(mended.code, mended.output).toBe(0);
    // Now and then a daemon of this age does not find its swarm again after a restart; then swarm-join.yml starts it once more.
    expect(
      mended.changed.filter((change) => !change.endsWith('Start it once more')),
      mended.output,
    ).toEqual(repairs);
    const again = await run('--check');
    expect(again.changed, again.output).toEqual([]);
  },
);

test('the first manager is lost and comes back empty: it joins the old swarm, and leaves no second entry', async () => {
  const swarm = await lab.ask('node2', "docker info --format '{{.Swarm.Cluster.ID}}'");
  await lab.ask('node1', 'docker swarm leave --force');
  const back = await run();
  expect(back.code, back.output).toBe(0);
  expect(await lab.ask('node1', "docker info --format '{{.Swarm.Cluster.ID}}'")).toBe(swarm);
  expect((await nodes()).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'node1 Ready',
    'node2 Ready',
    'node3 Ready',
  ]);
});

if (WHOLE)
  test('a manager that locked itself is unlocked by a run that has the key, and named by one that has not', async () => {
    const key = /SWMKEY-\S+/.exec(await lab.ask('node2', 'docker swarm update --autolock=true'))?.[0] ?? '';
    await lab.ask('node3', 'systemctl restart docker');
    const state = () => lab.ask('node3', "docker info --format '{{.Swarm.LocalNodeState}}'");
    expect(await state()).toBe('locked');
    const without = await run('--check');
    expect(without.code).toBe(1);
    expect(without.output).toMatch(
      /waits for the key of its swarm[\s\S]*on node3|on node3[\s\S]*waits for the key of its swarm/,
    );
    const given = await run('-e', `swarm_unlock_key=${key}`);
    expect(given.code, given.output).toBe(0);
    expect(given.changed, given.output).toContain('node3 Unlock it');
    expect(given.output, 'the key is a secret').not.toContain(key);
    expect(await state()).toBe('active');
    await lab.ask('node2', 'docker swarm update --autolock=false');
    const again = await run('--check');
    expect(again.changed, again.output).toEqual([]);
  });

test('a host that is gone for good does not keep the others from being taken down', async () => {
  await lab.stop('node3');
  try {
    await expect
      .poll(() => nodes(), { timeout: 90_000, interval: 2000 })
      .toContainEqual(expect.stringMatching(/^node3 Down/));
    const down = await xrun('playbooks/swarm-down.yml', '-i', inventory);
    expect(down.code, 'a host was unreachable').toBe(1);
    expect(down.stats['node3']?.unreachable, down.output).toBe(1);
    for (const node of ['node1', 'node2']) {
      expect(down.stats[node]?.failed, down.output).toBe(0);
      expect(await lab.ask(node, "docker info --format '{{.Swarm.LocalNodeState}}'")).toBe('inactive');
      expect(await lab.ask(node, 'docker network ls --format {{.Name}}')).not.toContain('overlay');
    }
  } finally {
    await lab.start('node3');
  }
});
