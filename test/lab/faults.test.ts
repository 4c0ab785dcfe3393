import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { accessDir } from '../../lab/paths.ts';
import { useLab } from '../support/lab.ts';
import { xrun } from '../support/xrun.ts';

const lab = useLab();
const PLAYBOOK = 'playbooks/swarm-init.yml';
/** A Docker of this age is in no release, so the one that is there pretends. */
const OLD_DOCKER = `cat >/usr/local/bin/docker <<'.' && chmod 755 /usr/local/bin/docker
#!/bin/sh
/usr/bin/docker "$@" | sed 's/"version":"[^"]*"/"version":"18.03.1-ce"/'
.`;
let undo: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const one of undo.splice(0)) await one();
  undo = [];
});

describe('what is wrong with one host is told of that host, and the others go on', () => {
  const faults = [
    {
      fault: 'Docker is not installed',
      wrong: 'mv /usr/bin/docker /usr/bin/docker.away',
      right: 'mv /usr/bin/docker.away /usr/bin/docker',
      says: /docker.*not (installed|found)/i,
    },
    {
      fault: 'Docker does not run',
      wrong: 'systemctl stop docker.socket docker.service',
      right: 'systemctl start docker.socket docker.service',
      says: /docker.*(not running|does not answer|daemon)/i,
    },
    {
      fault: 'Docker is too old',
      wrong: OLD_DOCKER,
      right: 'rm /usr/local/bin/docker',
      says: /Docker 18\.03\.1-ce is too old: 18\.09 or later/,
    },
  ];
  test.each(faults)('$fault', async ({ wrong, right, says }) => {
    await lab.ask('node2', wrong);
    undo.push(() => lab.ask('node2', right));
    const ran = await xrun(PLAYBOOK, '-i', lab.inventory, '--check');
    expect(ran.code, ran.output).toBe(1);
    expect(ran.output).toMatch(says);
    expect(ran.stats['node2'], ran.output).toMatchObject({ failed: 1 });
    for (const host of ['node1', 'node3'])
      expect(ran.stats[host], ran.output).toMatchObject({ failed: 0, unreachable: 0 });
  });

  test('its cable is cut', async () => {
    await lab.cut('node3');
    undo.push(() => lab.heal('node3'));
    const ran = await xrun(PLAYBOOK, '-i', lab.inventory, '--check', '--timeout', '5');
    expect(ran.code, ran.output).toBe(1);
    expect(ran.stats['node3'], ran.output).toMatchObject({ unreachable: 1 });
    expect(ran.output).toContain('E_UNREACHABLE');
    for (const host of ['node1', 'node2'])
      expect(ran.stats[host], ran.output).toMatchObject({ failed: 0, unreachable: 0 });
  });

  test('its host key is another one', async () => {
    const knownHosts = join(accessDir('test-bookworm-3'), 'known_hosts.changed');
    const [, , address] = lab.state.hosts.map((host) => host.address);
    const lines = (await readFile(join(accessDir('test-bookworm-3'), 'known_hosts'), 'utf8')).split('\n');
    const first = lines.find((line) => line !== '' && !line.startsWith(address!))!;
    // node3 is known by the key of another host.
    await writeFile(
      knownHosts,
      lines
        .map((line) => (line.startsWith(address!) ? [address, ...first.split(' ').slice(1)].join(' ') : line))
        .join('\n'),
    );
    const inventory = join(accessDir('test-bookworm-3'), 'changed-key.yml');
    await writeFile(
      inventory,
      (await readFile(lab.inventory, 'utf8')).replace(
        /xrun_known_hosts_file: .*/,
        `xrun_known_hosts_file: ${knownHosts}`,
      ),
    );
    const ran = await xrun(PLAYBOOK, '-i', inventory, '--check');
    expect(ran.code, ran.output).toBe(1);
    expect(ran.output).toContain('E_HOST_KEY');
    expect(ran.stats['node3'], ran.output).toMatchObject({ unreachable: 1, ok: 0 });
    expect(ran.stats['node1'], ran.output).toMatchObject({ unreachable: 0, failed: 0 });
  });

  test('sudo wants a password that was not given', async () => {
    const ran = await xrun(PLAYBOOK, '-i', lab.inventory, '--check', '--become', '-e', 'xrun_user=deploy');
    expect(ran.code, ran.output).toBe(1);
    expect(ran.output).toContain('E_BECOME');
    expect(ran.output).toContain('--ask-become-pass');
  });
});

test('a private key that is not there: nothing is touched, exit 2', async () => {
  const ran = await xrun(PLAYBOOK, '-i', lab.inventory, '--check', '-e', 'xrun_private_key_file=/nowhere/key');
  expect(ran.code, ran.output).toBe(2);
  expect(ran.output).toContain('/nowhere/key');
});
