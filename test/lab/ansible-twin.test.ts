import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accessFiles } from '../../lab/keys.ts';
import { ansiblePlaybook, ensureAnsible } from '../support/ansible.ts';
import { useLab } from '../support/lab.ts';
import { xrun } from '../support/xrun.ts';

// The same playbooks, as people write them for Ansible and with nothing but the templates and conditions translated, are
// run by ansible-playbook on one host and by xrun on its twin. Five hosts of the inventory are that one host, each with a
// directory of its own. Handlers and tasks write down that they ran, so that the order is compared too.
const lab = useLab();
const cases = fileURLToPath(new URL('../cases/twin', import.meta.url));
const tiers = { web: ['web1', 'web2', 'web3'], db: ['db1'], lb: ['lb1'] };
let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'xrun-twin-'));
  await ensureAnsible();
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test('roles, a rolling update, handlers, rescues and includes in loops end as with ansible-playbook', async () => {
  const [byAnsible, byXrun] = ['node1', 'node2'];
  for (const node of [byAnsible, byXrun]) await lab.ask(node, `mkdir -p ${Object.values(tiers).flat().map((name) => `/srv/twin/${name}`).join(' ')}`);

  const ansible = await ansiblePlaybook(join(cases, 'ansible'), ['-i', await inventory(byAnsible), 'site.yml']);
  expect(ansible.code, ansible.stdout + ansible.stderr).toBe(0);
  const ours = await xrun(join(cases, 'xrun/site.yml'), '-i', await inventory(byXrun));
  expect(ours.code, ours.output).toBe(0);

  const wanted = await stateOf(byAnsible);
  expect(wanted.length).toBeGreaterThan(150);
  expect(await stateOf(byXrun)).toEqual(wanted);
  for (const line of ['./web2/recover.log: back from Deploy, rc 1', './lb1/pool.log: web3 in after 3 attempts', './db1/extra: web1']) expect(wanted).toContain(line);
}, 900_000);

/** An inventory that both read, in which all hosts are one of the lab's. */
async function inventory(node: string): Promise<string> {
  const file = join(directory, `${node}.yml`);
  const { key, knownHosts } = accessFiles(lab.state.name);
  const address = lab.state.hosts.find(({ name }) => name === node)?.address;
  const login = {
    ansible_host: address,
    ansible_user: 'root',
    ansible_ssh_private_key_file: key,
    xrun_known_hosts_file: knownHosts,
    ansible_ssh_common_args: `-F /dev/null -o UserKnownHostsFile=${knownHosts} -o StrictHostKeyChecking=yes`,
    ansible_python_interpreter: '/usr/bin/python3',
  };
  const groups = Object.entries(tiers).map(([name, hosts]) => [name, { hosts: Object.fromEntries(hosts.map((host) => [host, {}])) }]);
  await writeFile(file, JSON.stringify({ all: { vars: login, children: Object.fromEntries(groups) } }));
  return file;
}

/** Every file with its kind, mode, owners and target, and every line in it; then the accounts that were made. */
async function stateOf(node: string): Promise<string[]> {
  const text = await lab.ask(node, `cd /srv/twin && find . -printf '%p %y %m %u:%g %l\\n' | sort
    find . -type f | sort | while read -r file; do sed "s|^|$file: |; \\$a\\\\" "$file"; tail -c 1 "$file" | od -An -c; done
    getent passwd ada bob; getent group twinadm; find /srv/homes -maxdepth 1 -printf '%p %m %u:%g\\n' | sort`);
  return text.split('\n');
}
