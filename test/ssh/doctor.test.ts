import { chmodSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SshServer } from '../support/ssh-server.ts';
import { world } from '../cli/world.ts';

let server: SshServer;
beforeAll(async () => {
  server = await SshServer.start();
});
afterAll(() => server.close());

function inventory(): string {
  const login = `xrun_host: 127.0.0.1, xrun_port: ${server.port}, xrun_private_key_file: ${server.keyFile}`;
  return `all:
  vars: {xrun_user: tester}
  hosts:
    good: {${login}, xrun_known_hosts_file: ${server.knownHosts}}
    stranger: {${login}, xrun_known_hosts_file: /dev/null}
    closed: {xrun_host: 127.0.0.1, xrun_port: 1}
    nowhere: {xrun_host: name.invalid}
`;
}

test('each host with what is wrong with it, and its fix; nothing is stopped by another one', async () => {
  const { dir, xrun } = world({ 'inv.yml': inventory() });
  chmodSync(dir, 0o755);
  const { code, stdout, stderr } = await xrun(['doctor', '-i', 'inv.yml', '--timeout', '5']);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toMatch(/^. this machine: .*\bcan be used/);
  expect(stdout).toMatch(/\n. good: .*its clock is right; .* free in /);
  expect(stdout).toMatch(/\n. stranger\n {4}failed known_hosts: .* is not in \/dev\/null\n {6}fix: .*ssh-keyscan/);
  expect(stdout).toMatch(
    /\n. closed\n {4}failed reachable: 127\.0\.0\.1 port 1: connection refused.*\n {6}fix: Start sshd/,
  );
  expect(stdout).toMatch(
    /\n. nowhere\n {4}failed dns: name\.invalid port 22: the name cannot be resolved.*\n {6}fix: Correct/,
  );
  expect(stdout).toMatch(/\n4 hosts checked: 3 cannot be used/);
});

test('--json has the same as data; a pattern chooses hosts; 0 where all can be used', async () => {
  const { xrun } = world({ 'inv.yml': inventory() });
  const { code, stdout } = await xrun(['doctor', 'good', '-i', 'inv.yml', '--json']);
  expect(code).toBe(0);
  const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: { host?: string; check: string }[] };
  expect(ok).toBe(true);
  expect(findings.filter(({ host }) => host === 'good').map(({ check }) => check)).toEqual([
    'become',
    'clock',
    'disk',
    'docker',
  ]);
});

test('a wrong pattern is an error of usage; without an inventory only this machine is checked', async () => {
  const { xrun } = world({ 'inv.yml': inventory() });
  expect((await xrun(['doctor', 'gud', '-i', 'inv.yml'])).code).toBe(2);
  expect(await xrun(['doctor'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('No hosts were checked') as string,
  });
});
