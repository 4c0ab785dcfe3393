import { readFileSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessFiles } from '../../lab/keys.ts';
import { hostOf, reset, up } from '../../lab/lab.ts';
import { gateway } from '../../lab/network.ts';
import { execute } from '../../lab/ssh.ts';
import type { LabState } from '../../lab/state.ts';
import { startMirror } from './mirror.ts';

/** The two hosts, what reaches them, and the Debian mirror that they reach. */
export interface Twins {
  state: LabState;
  mirror: Server;
  mirrorUrl: string;
  /** Where roles and inventories are written. */
  scratch: string;
}

/** Who runs on which host. */
export const hostOfTool = { xrun: 'node1', ansible: 'node2' } as const;

/** The name of a tool that is compared. */
export type Tool = keyof typeof hostOfTool;

/** Boots two hosts and starts their mirror; the caller closes it. */
export async function twinsUp(name: string, scratch: string): Promise<Twins> {
  const state = await up({ name, hosts: 2, inventory: join(scratch, 'lab.yml') }, () => {});
  const { url, server } = await startMirror(gateway(state.id), join(tmpdir(), 'xrun-roles-mirror'));
  return { state, mirror: server, mirrorUrl: url, scratch };
}

/** Two new hosts, with what Ansible's modules need, and apt's lists, on both. */
export async function renewTwins({ state, mirrorUrl }: Twins): Promise<void> {
  await reset(state, () => {});
  const script = readFileSync(new URL('prepare.sh', import.meta.url), 'utf8');
  const prepare = (host: string) => ask(state, host, `mirror=${mirrorUrl}\n${script}`);
  await Promise.all(Object.values(hostOfTool).map(prepare));
}

/** What a shell script says on a host; throws when it fails. */
export async function ask(state: LabState, host: string, script: string): Promise<string> {
  const { code, stdout, stderr } = await execute(state.name, hostOf(state, host), 'sh -s', script);
  if (code !== 0) throw new Error(`${host}: exit ${code}\n${stdout}${stderr}`);
  return stdout;
}

/** An inventory, for both, with one host, which has the same name on both sides. */
export function inventoryFor({ state, scratch }: Twins, tool: Tool): string {
  const { key, knownHosts } = accessFiles(state.name);
  const login = {
    ansible_host: hostOf(state, hostOfTool[tool]).address,
    ansible_user: 'root',
    ansible_ssh_private_key_file: key,
    xrun_known_hosts_file: knownHosts,
    ansible_ssh_common_args: `-F /dev/null -o UserKnownHostsFile=${knownHosts} -o StrictHostKeyChecking=yes`,
    ansible_python_interpreter: '/usr/bin/python3',
  };
  const file = join(scratch, `${tool}.yml`);
  writeFileSync(file, JSON.stringify({ all: { hosts: { twin: login } } }));
  return file;
}
