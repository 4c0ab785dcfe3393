import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from '../lab/command.ts';
import { LabError } from '../lab/error.ts';
import { down, hostOf, up } from '../lab/lab.ts';
import { hostAddress } from '../lab/network.ts';
import { accessDir, checkout } from '../lab/paths.ts';
import { execute } from '../lab/ssh.ts';
import type { LabState } from '../lab/state.ts';
import type { NetworkScheme } from './network-schemes.ts';

const LAB = 'bench-networks';
const inventory = join(accessDir(LAB), 'inventory.yml');
const cli = join(checkout, 'bin/xrun.js');

/** Throughput in Gbit/s, a value a round; and the MTU that a container has. */
export interface Throughput {
  containers: number[];
  hosts: number[];
  /** From host to host before there was the scheme. */
  before: number[];
  mtu: number;
}

/** Makes a lab, brings the scheme up in it after `prepare` on every host, and measures both ways by turns. Throws LabError where something does not work. */
export async function measureScheme(
  scheme: NetworkScheme,
  rounds: number,
  seconds: number,
  prepare = '',
): Promise<Throughput> {
  if (!existsSync(join(checkout, 'dist'))) fail('xrun is not built: npm run build');
  await down(LAB);
  try {
    const lab = await up({ name: LAB, image: scheme.image ?? 'bookworm', inventory }, () => {});
    if (prepare) await Promise.all(lab.hosts.map(({ name }) => ask(lab, name, prepare)));
    const before: number[] = [];
    for (let round = 0; round < rounds; round++) before.push(await fromHostToHost(lab, seconds));
    const extra = JSON.stringify({ proof_keep: true, ...scheme.options });
    const made = await attempt([
      process.execPath,
      cli,
      join(checkout, 'playbooks', scheme.playbook),
      '-i',
      inventory,
      '-e',
      extra,
    ]);
    if (made.code !== 0) fail(`${scheme.playbook} left with ${made.code}\n${made.stdout}${made.stderr}`);
    return { before, ...(await byTurns(lab, scheme, rounds, seconds)) };
  } finally {
    await down(LAB);
  }
}

async function byTurns(
  lab: LabState,
  { published }: NetworkScheme,
  rounds: number,
  seconds: number,
): Promise<Omit<Throughput, 'before'>> {
  const links = await ask(
    lab,
    'node2',
    "docker exec xrun-proof-node2 sh -c 'ip -4 -o address show scope global; ip -o link'",
  );
  const [, nic, container] = /: (\S+) +inet ([0-9.]+)/.exec(links) ?? fail(`no address in ${links}`);
  const [, mtu] = new RegExp(`: ${nic}[@:].* mtu (\\d+)`).exec(links) ?? fail(`no MTU of ${nic} in ${links}`);
  const measured = { containers: [] as number[], hosts: [] as number[], mtu: Number(mtu) };
  for (let round = 0; round < rounds; round++) {
    measured.hosts.push(await fromHostToHost(lab, seconds));
    measured.containers.push(
      await iperf(lab, published ? `${address(lab)} --port ${published}` : container!, seconds, inside),
    );
  }
  return measured;
}

const address = (lab: LabState) => hostAddress(lab.id, hostOf(lab, 'node2').index);
const fromHostToHost = (lab: LabState, seconds: number) => iperf(lab, address(lab), seconds, (_, command) => command);

/** The container's own network, with the host's programs. */
const inside = (host: string, command: string) =>
  `nsenter --net=/proc/$(docker inspect --format '{{.State.Pid}}' xrun-proof-${host})/ns/net sh -c ${quoted(command)}`;
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

async function iperf(
  lab: LabState,
  target: string,
  seconds: number,
  where: (host: string, command: string) => string,
): Promise<number> {
  await ask(lab, 'node2', where('node2', 'iperf3 --server --one-off --daemon'));
  const output = await ask(
    lab,
    'node1',
    where('node1', `iperf3 --time ${seconds} --client ${target} --connect-timeout 5000 --json`),
  );
  const { end } = JSON.parse(output) as { end: { sum_received: { bits_per_second: number } } };
  return end.sum_received.bits_per_second / 1e9;
}

async function ask(lab: LabState, host: string, command: string): Promise<string> {
  const { code, stdout, stderr } = await execute(lab.name, hostOf(lab, host), command);
  return code === 0 ? stdout.trim() : fail(`${command} on ${host}: exit ${code}\n${stdout}${stderr}`);
}

function fail(why: string): never {
  throw new LabError(why);
}
