/** npm run soak:rejoin: a node leaves its swarm and joins again, again and again; every run must converge. One table. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { whole } from '../../runner/cli/options/option-values.ts';
import { markdown, shown } from '../../bench/markdown.ts';
import { spread } from '../../bench/statistics.ts';
import { down, up } from '../../lab/lab.ts';
import { execute } from '../../lab/ssh.ts';
import { xrun } from '../support/xrun.ts';

const options = new Command('soak:rejoin')
  .description('A worker leaves a swarm and joins it again; its container must reach the one of the manager each time')
  .addOption(new Option('--rounds <n>', 'how many').argParser(whole).default(30))
  .addOption(new Option('--image <name>', 'of the lab').choices(['bookworm', 'trixie']).default('bookworm'))
  .addOption(new Option('--name <name>', 'name of the lab').default('soak-rejoin'))
  .parse()
  .opts<{ rounds: number; image: 'bookworm' | 'trixie'; name: string }>();

const ADDRESS = '{{xrun_host}}';

/** The swarm, its network and a container of the manager. */
const MANAGER = [
  { docker_swarm: { advertise_addr: ADDRESS }, register: 'swarm' },
  { docker_network: { name: 'overlay', driver: 'overlay', attachable: true, subnet: '10.10.0.0/16' } },
  {
    docker_container: {
      name: 'one',
      image: 'xrun/busybox:1',
      command: 'sleep 1000000',
      networks: ['overlay'],
      force_kill: true,
    },
  },
];
const JOIN = [
  {
    docker_swarm: {
      state: 'join',
      advertise_addr: ADDRESS,
      remote_addrs: ['{{hostvars.node1.swarm.node_addr}}:2377'],
      join_token: '{{hostvars.node1.swarm.join_tokens.worker}}',
      cluster_id: '{{hostvars.node1.swarm.cluster_id}}',
    },
    register: 'joined',
  },
  { docker_node: { name: 'node2', id: '{{joined.node_id}}', remove_stale: true }, delegate_to: 'node1' },
  {
    docker_container: {
      name: 'two',
      image: 'xrun/busybox:1',
      command: 'sleep 1000000',
      networks: ['overlay'],
      force_kill: true,
    },
  },
];
const LEAVE = [
  { docker_container: { name: 'two', state: 'absent', force_kill: true } },
  { docker_swarm: { state: 'absent' } },
];

const say = (line: string) => void process.stderr.write(`${line}\n`);
const dir = await mkdtemp(join(tmpdir(), 'xrun-soak-'));
const inventory = join(dir, 'inventory.yml');
await down(options.name); // an earlier soak may have been stopped midway
const lab = await up({ name: options.name, hosts: 2, image: options.image, inventory }, say);

async function book(name: string, plays: Record<string, unknown[]>): Promise<string> {
  const path = join(dir, `${name}.yml`);
  await writeFile(
    path,
    JSON.stringify(Object.entries(plays).map(([hosts, tasks]) => ({ hosts, gather_facts: false, tasks }))),
  );
  return path;
}
const joins = await book('join', { node1: MANAGER, node2: JOIN });
const leaves = await book('leave', { node2: LEAVE });

const times: Record<'join' | 'leave', number[]> = { join: [], leave: [] };
const failures: string[] = [];

async function play(i: number, what: 'join' | 'leave', path: string): Promise<void> {
  const began = Date.now();
  const { code, output } = await xrun(path, '-i', inventory, '-o', 'plain');
  times[what].push((Date.now() - began) / 1000);
  if (code !== 0) failures.push(`round ${i}, ${what}: exit ${code}\n${output}`);
  say(`${i} ${what}: ${code === 0 ? 'converged' : `FAILED\n${output}`} after ${times[what].at(-1)?.toFixed(1)} s`);
}

for (let i = 1; i <= options.rounds; i++) {
  await play(i, 'join', joins);
  const ping = await execute(options.name, lab.hosts[1]!, 'docker exec two ping -c 1 -w 10 one');
  if (ping.code !== 0) failures.push(`round ${i}: two does not reach one: ${ping.stdout}${ping.stderr}`);
  await play(i, 'leave', leaves);
}
await Promise.all([down(options.name), rm(dir, { recursive: true, force: true })]);

const row = (what: 'join' | 'leave') => [what, String(times[what].length), shown(spread(times[what]))];
process.stdout.write(markdown(['run', 'times', 'seconds'], [row('join'), row('leave')]));
process.stdout.write(`\n${failures.length} failures\n${failures.join('\n')}\n`);
if (failures.length > 0) process.exitCode = 1;
