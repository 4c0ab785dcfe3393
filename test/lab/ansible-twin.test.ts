import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accessFiles } from '../../lab/keys.ts';
import { ansiblePlaybook, ensureAnsible, packagesForAnsible } from '../support/ansible.ts';
import { useLab } from '../support/lab.ts';
import { xrun } from '../support/xrun.ts';

// The same playbooks, as people write them for Ansible and with nothing but the templates and conditions translated, are
// run by ansible-playbook on one host and by xrun on its twin. Four hosts of the inventory are that one host, each with a
// directory of its own. Handlers and tasks write down that they ran, so that the order is compared too.
const lab = useLab();
const cases = fileURLToPath(new URL('../cases/twin', import.meta.url));
const tiers = { web: ['web1', 'web2'], db: ['db1'], lb: ['lb1'] };
const [byAnsible, byXrun] = ['node1', 'node2'];
let directory = '';
let before: string[] = [];
let found: string[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'xrun-twin-'));
  await ensureAnsible();
  const [prepare, packages] = await Promise.all([readFile(join(cases, 'prepare.sh'), 'utf8'), packagesForAnsible()]);
  const unpack = packages.map((text, n) => `echo ${text} | base64 -d > /var/tmp/${n}.deb`).join('\n');
  for (const node of [byAnsible, byXrun]) {
    const { code, stdout, stderr } = await lab.exec(node, 'sh -s', `${prepare}\n${unpack}\ndpkg -i /var/tmp/*.deb`);
    if (code !== 0) throw new Error(stdout + stderr);
  }
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test('roles, a rolling update, handlers, rescues, includes in loops, accounts, packages and services end as with ansible-playbook', async () => {
  const befores = await Promise.all([stateOf(byAnsible), stateOf(byXrun)]);
  const [ansible, ours] = await Promise.all([
    ansiblePlaybook(join(cases, 'ansible'), ['-i', await inventory(byAnsible), 'site.yml']),
    xrun(join(cases, 'xrun/site.yml'), '-i', await inventory(byXrun)),
  ]);
  expect(ansible.code, ansible.stdout + ansible.stderr).toBe(0);
  expect(ours.code, ours.output).toBe(0);

  const wanted = changes(befores[0], await stateOf(byAnsible));
  before = befores[1];
  expect(wanted.length).toBeGreaterThan(250);
  found = changes(before, await stateOf(byXrun));
  expect(found).toEqual(wanted);
  for (const line of marks) expect(wanted).toContain(line);
}, 900_000);

test.each([
  ['a file of another mode', 'chmod 755 /srv/twin/web1/etc/motd'],
  ['a line more', 'echo more >> /srv/twin/lb1/pool.log'],
  ['a last line without an end', 'printf x > /srv/twin/db1/said'],
  ['a file of the system', 'echo >> /etc/twin/count'],
  ["an account's shell", 'usermod -s /bin/true ada'],
  ['a package that is gone', 'dpkg -r nine'],
  ['a service that stands still', 'systemctl stop twin'],
  ['a service that starts at boot', 'systemctl enable cron'],
])('the comparison would have told of %s', async (_what, sabotage) => {
  expect(found, 'nothing was compared').not.toEqual([]);
  await lab.ask(byXrun, sabotage);
  const now = changes(before, await stateOf(byXrun));
  expect(now).not.toEqual(found);
  found = now;
});

/** Something of each of the playbooks, so that two empty ends are not taken for equal ones. */
const marks = [
  '+ ./web2/recover.log: back from Deploy, rc 1',
  '+ ./lb1/pool.log: web2 in after 3 attempts',
  '+ ./db1/extra: web1',
  '+ ./starts: started',
  '+ package nine ii  1.0',
  '+ unit twin ActiveState=active',
  '+ unit cron UnitFileState=disabled',
  '+ unit etcd UnitFileState=masked',
  '+ crontab of twinsvc: 14 3 * * * /usr/local/bin/twin-backup > /dev/null',
];

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
  const groups = Object.entries(tiers).map(([name, hosts]) => [
    name,
    { hosts: Object.fromEntries(hosts.map((host) => [host, {}])) },
  ]);
  await writeFile(file, JSON.stringify({ all: { vars: login, children: Object.fromEntries(groups) } }));
  return file;
}

/** A line for everything of a host that is compared. */
async function stateOf(node: string): Promise<string[]> {
  const { code, stdout, stderr } = await lab.exec(node, 'sh -s', await readFile(join(cases, 'state.sh'), 'utf8'));
  expect(code, stderr).toBe(0);
  return stdout.split('\n');
}

/** What came and what went, as often as it did: addresses and keys, which each host has of its own, stay out of it. */
function changes(from: string[], to: string[]): string[] {
  return [...surplus(to, from).map((line) => `+ ${line}`), ...surplus(from, to).map((line) => `- ${line}`)];
}

function surplus(lines: string[], over: string[]): string[] {
  const left = new Map<string, number>();
  for (const line of over) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}
