import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useLab } from '../support/lab.ts';
import { xrun } from '../support/xrun.ts';

// Schemes whose programs are in no package here: what their playbooks refuse, and what a check tells of them.

const lab = useLab();
let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'xrun-programs-'));
  for (const name of ['weave', 'weave.tar', 'calico.tar'])
    await writeFile(join(directory, name), `the test's own ${name}\n`);
});
afterAll(() => rm(directory, { recursive: true }));

const file = (name: string) => join(directory, name);
const sum = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
const run = (playbook: string, options: Record<string, unknown>, ...more: string[]) =>
  xrun(`playbooks/${playbook}.yml`, '-i', lab.inventory, '-e', JSON.stringify(options), ...more);
const state = () => lab.ask('node1', 'find /etc /usr/local /var/lib/xrun -type f -exec sha256sum {} + | sort -k2');

interface Refusal {
  playbook: string;
  options: () => Record<string, unknown>;
  why: string;
}

const REFUSALS: Refusal[] = [
  { playbook: 'flannel', options: () => ({}), why: 'none is downloaded by default' },
  { playbook: 'flannel', options: () => ({ flannel_url: 'http://127.0.0.1:8098/flanneld' }), why: 'needs its SHA-256' },
  { playbook: 'flannel', options: () => ({ flannel_backend: 'gre' }), why: 'expected vxlan, host-gw or udp' },
  { playbook: 'flannel', options: () => ({ flannel_network: '198.18.0.0/15' }), why: 'set flannel_network' },
  { playbook: 'flannel', options: () => ({ flannel_subnet_prefix: 13 }), why: 'has no 3 subnets of /13' },
  { playbook: 'weave', options: () => ({}), why: 'none is downloaded by default' },
  {
    playbook: 'weave',
    options: () => ({ weave_file: file('weave'), weave_checksum: '1'.repeat(64) }),
    why: 'is not the file that was meant',
  },
  { playbook: 'weave', options: () => ({ weave_range: '172.17.0.0/16' }), why: 'set weave_range' },
  { playbook: 'calico', options: () => ({}), why: 'none is pulled by default' },
  { playbook: 'calico', options: () => ({ calico_images_file: file('calico.tar') }), why: 'needs its SHA-256' },
  { playbook: 'calico', options: () => ({ calico_ipip: 'on' }), why: 'expected off, always or cross-subnet' },
  {
    playbook: 'calico',
    options: () => ({ calico_address: '192.0.2.1' }),
    why: 'no interface of this host has 192.0.2.1',
  },
];

test.each(REFUSALS)('$playbook: $why', async ({ playbook, options, why }) => {
  const before = await state();
  const refused = await run(playbook, options());
  expect(refused.code, refused.output).toBe(1);
  expect(refused.output).toContain(why);
  expect(refused.changed).toEqual([]);
  expect(await state()).toBe(before);
});

test('a program by URL comes to its place only with the right checksum', async () => {
  await lab.ask(
    'node1',
    "mkdir -p /srv/programs && printf '#!/bin/sh\\necho v0.1.0\\n' >/srv/programs/flanneld && systemd-run --quiet --unit=programs busybox httpd -f -p 8098 -h /srv/programs",
  );
  const url = `http://${lab.state.hosts[0]?.address}:8098/flanneld`;
  const wrong = await run('flannel', { flannel_url: url, flannel_checksum: '0'.repeat(64) });
  expect(wrong.code, wrong.output).toBe(1);
  expect(wrong.output).toContain('it was thrown away');
  expect(await lab.ask('node1', 'ls /usr/local/bin')).not.toContain('flanneld');
  const checksum = (await lab.ask('node1', 'sha256sum /srv/programs/flanneld')).slice(0, 64);
  // Nothing else of the scheme can be had of this program; its API of etcd is the one of its version.
  const right = await run('flannel', { flannel_url: url, flannel_checksum: checksum, kv_servers: ['nobody'] });
  expect(right.output).toContain('kv_servers names hosts that this run has not: nobody');
  const fetched = await xrun(
    'playbooks/flannel.yml',
    '-i',
    lab.inventory,
    '-e',
    JSON.stringify({ flannel_url: url, flannel_checksum: checksum, kv_binary_url: url }),
  );
  expect(fetched.output).toContain('needs its SHA-256');
  expect(fetched.changed).toContain('node1 Fetch the program');
  expect(await lab.ask('node3', 'sha256sum /usr/local/bin/xrun-flanneld')).toContain(checksum);
  const gone = await run('flannel', { state: 'absent' });
  expect(gone.code, gone.output).toBe(0);
  expect(await lab.ask('node3', 'ls /usr/local/bin')).not.toContain('flanneld');
});

test.each([
  [
    'weave',
    () => ({
      weave_file: file('weave'),
      weave_checksum: sum(file('weave')),
      weave_images_file: file('weave.tar'),
      weave_images_checksum: sum(file('weave.tar')),
    }),
    'node2 Its unit',
  ],
  [
    'calico',
    () => ({ calico_images_file: file('calico.tar'), calico_images_checksum: sum(file('calico.tar')) }),
    'node2 Docker keeps the network in etcd',
  ],
])('%s: a check tells what a run would do, and does nothing', async (playbook, options, change) => {
  const before = await state();
  const told = await run(playbook, options(), '--check');
  expect(told.code, told.output).toBe(0);
  expect(told.changed).toContain(change);
  expect(await state()).toBe(before);
});
