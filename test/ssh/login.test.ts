import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SshTransport } from '../../runner/connection/transports/ssh/ssh.ts';
import type { Target } from '../../runner/model/transport/transport.ts';
import { newKey, SshServer } from '../support/ssh-server.ts';

const warnings: string[] = [];
const login = (target: Target) => new SshTransport((message) => warnings.push(message)).connect(target);
async function logsIn(target: Target): Promise<boolean> {
  const connection = await login(target);
  await connection.close();
  return true;
}
const refused = (target: Target) =>
  login(target).then(
    () => undefined,
    (error: Error & { code: string; hint?: string }) => error,
  );

describe('logging in', () => {
  let server: SshServer;
  const file = (name: string, text: string) => {
    const path = join(server.directory, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  beforeAll(async () => {
    server = await SshServer.start({ password: 'sesame' });
  });
  afterAll(() => server.close());

  it('takes a key, a password, or answers to prompts', async () => {
    expect(await logsIn(server.target())).toBe(true);
    const { privateKeyFile: _key, ...bare } = server.target({ password: 'sesame' });
    expect(await logsIn(bare)).toBe(true);
    server.faults.keyboardOnly = true;
    expect(await logsIn(bare)).toBe(true);
    server.faults.keyboardOnly = false;
  });

  it('knows a host that has moved by the key of its old name', async () => {
    expect(await refused(server.target({ host: 'localhost' }))).toMatchObject({ code: 'E_HOST_KEY' });
    expect(await logsIn(server.target({ movedTo: 'localhost' }))).toBe(true);
  });

  it('says who could not log in, and what was tried', async () => {
    const wrong = file('wrong', newKey().pem);
    const error = await refused(server.target({ privateKeyFile: wrong, password: 'nonsense' }));
    expect(error?.code).toBe('E_AUTH');
    for (const part of ['tester', String(server.port), `key ${wrong}`, 'password'])
      expect(error?.message).toContain(part);
    expect(error?.message).not.toContain('nonsense');
  });

  it('says what is wrong with a key file', async () => {
    const locked = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'right' },
    });
    const lockedFile = file('locked', locked.privateKey);
    const cases: [Partial<Target>, RegExp][] = [
      [{ privateKeyFile: '/nonexistent/key' }, /cannot read .*\/nonexistent\/key/],
      [{ privateKeyFile: file('nokey', 'hello\n') }, /not a private key/],
      [{ privateKeyFile: lockedFile }, /passphrase, and none was given/],
      [{ privateKeyFile: lockedFile, passphrase: 'wrong' }, /wrong passphrase/],
    ];
    for (const [more, message] of cases) {
      const error = await refused(server.target(more));
      expect(error).toMatchObject({ code: 'E_KEY_FILE' });
      expect(error?.message).toMatch(message);
    }
  });

  it('says why nothing answers', async () => {
    const gone = await SshServer.start();
    await gone.close();
    const closed = await refused(gone.target());
    expect(closed).toMatchObject({ code: 'E_UNREACHABLE' });
    expect(closed?.message).toMatch(new RegExp(`127\\.0\\.0\\.1 port ${gone.port}.*connection refused`));
    const nameless = await refused(server.target({ host: 'no-such-host.invalid' }));
    expect(nameless).toMatchObject({ code: 'E_UNREACHABLE' });
    expect(nameless?.message).toContain('cannot be resolved');
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const mute = await refused(server.target({ port: (silent.address() as AddressInfo).port, connectTimeout: 200 }));
    expect(mute?.message).toMatch(/no log-in within 0\.2 s/);
    silent.close();
  });

  describe('checks the host key', () => {
    const known = (text: string) => server.target({ knownHostsFile: file(`known-${Math.random()}`, text) });
    const wire = () => server.hostKey.getPublicSSH().toString('base64');
    const name = () => `[127.0.0.1]:${server.port}`;

    it('refuses a key that is not known, and records it only when told to', async () => {
      const target = known('# nothing yet');
      const error = await refused(target);
      expect(error).toMatchObject({ code: 'E_HOST_KEY' });
      expect(error?.message).toContain('SHA256:');
      expect(await logsIn({ ...target, hostKeys: 'accept-new' })).toBe(true);
      expect(warnings.at(-1)).toContain('recorded the new host key');
      expect(readFileSync(target.knownHostsFile as string, 'utf8')).toBe(`# nothing yet\n${server.knownHostsLine()}`);
      expect(await logsIn(target)).toBe(true);
    });

    it('refuses a changed key always, naming both and the line', async () => {
      const other = newKey().key;
      const target = known(`\n${name()} ${other.type} ${other.getPublicSSH().toString('base64')}\n`);
      for (const hostKeys of ['strict', 'accept-new'] as const) {
        const error = await refused({ ...target, hostKeys });
        expect(error).toMatchObject({ code: 'E_HOST_KEY' });
        expect(error?.message.match(/SHA256:/g)).toHaveLength(2);
        expect(error?.message).toContain(`${target.knownHostsFile}:2`);
      }
    });

    it('honours markers', async () => {
      const type = server.hostKey.type;
      const revoked = await refused(known(`${name()} ${type} ${wire()}\n@revoked * ${type} ${wire()}\n`));
      expect(revoked?.message).toContain('revoked');
      const authority = newKey().key;
      const certified = await refused({
        ...known(`@cert-authority * ${authority.type} ${authority.getPublicSSH().toString('base64')}\n`),
        hostKeys: 'accept-new',
      });
      expect(certified).toMatchObject({ code: 'E_HOST_KEY' });
      expect(certified?.message).toContain('certificate');
    });
  });

  it('takes names of files from a configuration as OpenSSH does: with variables, and with blanks', async () => {
    const key = file('my key', readFileSync(server.keyFile, 'utf8'));
    const known = file('known hosts', readFileSync(server.knownHosts, 'utf8'));
    vi.stubEnv('XRUN_TEST_KEYS', dirname(key));
    const path = file(
      'config-names',
      `Host names\n HostName 127.0.0.1\n Port ${server.port}\n User a\n IdentityFile "\${XRUN_TEST_KEYS}/my key"\n UserKnownHostsFile "${known}"\n`,
    );
    const connection = await login({
      name: 'names',
      connection: 'ssh',
      host: 'names',
      hostKeys: 'strict',
      connectTimeout: 10_000,
      sshConfigFile: path,
    });
    await connection.close();
    vi.unstubAllEnvs();
    const error = await refused({
      name: 'names',
      connection: 'ssh',
      host: 'names',
      hostKeys: 'strict',
      connectTimeout: 10_000,
      sshConfigFile: path,
    });
    expect(error).toMatchObject({ code: 'E_SSH_CONFIG' });
    expect(error?.message).toContain('XRUN_TEST_KEYS');
  });

  describe('through other hosts', () => {
    let first: SshServer;
    let second: SshServer;
    beforeAll(async () => {
      first = await SshServer.start();
      second = await SshServer.start();
    });
    afterAll(async () => {
      await first.close();
      await second.close();
    });
    const config = (secondKnown = second.knownHosts) =>
      file(
        `config-${Math.random()}`,
        `Host one\n HostName 127.0.0.1\n Port ${first.port}\n User a\n IdentityFile ${first.keyFile}\n UserKnownHostsFile ${first.knownHosts}\n` +
          `Host two\n HostName 127.0.0.1\n Port ${second.port}\n User b\n IdentityFile ${second.keyFile}\n UserKnownHostsFile ${secondKnown}\n ProxyJump one\n` +
          `Host three\n HostName 127.0.0.1\n Port ${server.port}\n User c\n IdentityFile ${server.keyFile}\n UserKnownHostsFile ${server.knownHosts}\n HostKeyAlias ${'web'}\n ProxyJump two\n` +
          `Host piped\n HostName 127.0.0.1\n Port ${server.port}\n User c\n IdentityFile ${server.keyFile}\n UserKnownHostsFile ${server.knownHosts}\n ProxyCommand ${process.execPath} -e 'const s=require("net").connect(process.argv[2],process.argv[1]);process.stdin.pipe(s).pipe(process.stdout)' -- %h %p\n`,
      );
    const target = (host: string, sshConfigFile: string): Target => ({
      name: host,
      connection: 'ssh',
      host,
      hostKeys: 'strict',
      connectTimeout: 10_000,
      sshConfigFile,
    });

    it('jumps twice, sharing the hops', async () => {
      const known = readFileSync(server.knownHosts, 'utf8');
      writeFileSync(server.knownHosts, `${known}web ${known.split(' ').slice(1).join(' ')}`);
      const path = config();
      const before = [first.logins, second.logins];
      const connections = await Promise.all([login(target('three', path)), login(target('three', path))]);
      expect([first.logins, second.logins]).toEqual(before.map((n) => n + 1));
      const channel = await (connections[1] as (typeof connections)[number]).open('echo through');
      channel.stdout.on('data', () => undefined);
      expect(await channel.end).toEqual({ kind: 'exit', code: 0 });
      await Promise.all(connections.map((c) => c.close()));
    });

    it('verifies the key of every hop', async () => {
      const other = newKey().key;
      const wrong = file(
        'hop',
        `[127.0.0.1]:${second.port} ${other.type} ${other.getPublicSSH().toString('base64')}\n`,
      );
      const error = await refused(target('three', config(wrong)));
      expect(error).toMatchObject({ code: 'E_HOST_KEY' });
      expect(error?.message).toContain(String(second.port));
    });

    it('gives a host behind another no more time than one before it', async () => {
      first.faults.deafForwards = true;
      const error = await refused({ ...target('two', config()), connectTimeout: 300 });
      first.faults.deafForwards = false;
      expect(error).toMatchObject({ code: 'E_UNREACHABLE' });
      expect(error?.message).toContain('no answer within 0.3 s');
    });

    it('goes through a command', async () => {
      expect(await logsIn(target('piped', config()))).toBe(true);
    });

    it('refuses a configuration that cannot be read', async () => {
      expect(await refused(target('x', '/nonexistent'))).toMatchObject({ code: 'E_SSH_CONFIG' });
      expect(await refused(target('x', file('bad', 'Nonsense yes\n')))).toMatchObject({ code: 'E_SSH_CONFIG' });
      expect(await refused(target('x', file('circle', 'Host *\n ProxyJump y\nHost y\n ProxyJump x\n')))).toMatchObject({
        code: 'E_SSH_CONFIG',
      });
    });
  });
});
