import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loginFindings } from '../../runner/api/doctor/logins.ts';
import type { Target } from '../../runner/model/transport/transport.ts';

const folder = mkdtempSync(join(tmpdir(), 'xrun-doctor-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A private key in a file. */
function key(name: string, mode: number, passphrase?: string): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const secret = passphrase === undefined ? {} : { cipher: 'aes-128-cbc', passphrase };
  const file = join(folder, name);
  writeFileSync(file, privateKey.export({ type: 'pkcs1', format: 'pem', ...secret }));
  chmodSync(file, mode);
  return file;
}

let configurations = 0;

/** What is said of a host's log-in, with the folder as DIR. */
async function found(config: string, more: Partial<Target> = {}): Promise<string[]> {
  // Each is read once in a process.
  const sshConfigFile = join(folder, `config${(configurations += 1)}`);
  writeFileSync(sshConfigFile, config);
  const target: Target = {
    name: 'web1',
    connection: 'ssh',
    host: 'web1',
    hostKeys: 'strict',
    connectTimeout: 1000,
    sshConfigFile,
    ...more,
  };
  const findings = await loginFindings([target, { ...target, name: 'web2' }]);
  return findings
    .filter(({ check, message }) => check !== 'keys' || message.includes(folder))
    .map(({ check, status, message, fix }) =>
      `${status} ${check}: ${message} ${fix ?? ''}`.replaceAll(folder, 'DIR').trim(),
    );
}

const silent = 'IdentityAgent none\n';

test('keys of several hosts are looked at once', async () => {
  const privateKeyFile = key('good', 0o600);
  expect(await found(silent, { privateKeyFile })).toEqual([
    'ok agent: no ssh-agent is used',
    'ok keys: the key DIR/good can be used',
  ]);
});

test('a key that others may read', async () => {
  const [, said] = await found(silent, { privateKeyFile: key('open', 0o644) });
  expect(said).toContain('warning keys: others may read DIR/open: its mode is 0644 Run `chmod 600 DIR/open`');
});

test('a key with a passphrase: of no use where it is named, passed over where the configuration names it', async () => {
  const file = key('locked', 0o600, 'secret');
  const [, named] = await found(silent, { privateKeyFile: file });
  expect(named).toMatch(/^failed keys: .*DIR\/locked is protected by a passphrase.* Load it into ssh-agent/);
  expect((await found(silent, { privateKeyFile: file, passphrase: 'secret' }))[1]).toBe(
    'ok keys: the key DIR/locked can be used',
  );
});

test('an agent that is not there', async () => {
  const [said] = await found(`IdentityAgent ${folder}/nobody\n`);
  expect(said).toMatch(/^warning agent: the agent DIR\/nobody .*does not answer Start one/);
});

test('a configuration that jumps in a circle', async () => {
  const said = await found('Host web1\n  ProxyJump web2\nHost web2\n  ProxyJump web1\n');
  expect(said[0]).toMatch(/^failed ssh_config: .*does ProxyJump lead in a circle\? `ssh -G HOST`/);
});

test('hosts that are this machine have no log-in', async () => {
  expect(
    await loginFindings([{ name: 'h', connection: 'local', host: 'h', hostKeys: 'strict', connectTimeout: 1 }]),
  ).toEqual([]);
});
