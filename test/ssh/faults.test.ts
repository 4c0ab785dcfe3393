import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HostShell } from '../../runner/model/transport/host-shell.ts';
import { openShell } from '../../runner/connection/shell/open-shell.ts';
import { raw } from '../../runner/model/script.ts';
import { SshTransport } from '../../runner/connection/transports/ssh/ssh.ts';
import type { Target } from '../../runner/model/transport/transport.ts';
import { get } from '../support/get.ts';
import { SshServer } from '../support/ssh-server.ts';

describe('a host that misbehaves', () => {
  let server: SshServer;
  let shell: HostShell | undefined;
  beforeEach(async () => {
    server = await SshServer.start();
  });
  afterEach(async () => {
    await shell?.close();
    shell = undefined;
    await server.close();
  });

  it('drops the connection in mid-command: lost, not run again, and the next script logs in afresh', async () => {
    shell = await openShell(server.target());
    const file = join(server.directory, 'ran');
    const running = shell.run(raw(`echo once >>${file}; echo begun; sleep 1`), {
      trust: 'theirs',
      onOutput: () => server.drop(),
    });
    const outcome = await running;
    expect(outcome).toMatchObject({ reason: 'lost', rc: null });
    expect(outcome.message).toMatch(/lost|closed|reset/);
    expect((await shell.run(raw('echo again'))).stdout.toString()).toBe('again\n');
    expect(readFileSync(file, 'utf8')).toBe('once\n');
    expect(server.logins).toBe(2);
  });

  it('drops the connection between scripts: nobody notices', async () => {
    shell = await openShell(server.target());
    expect((await shell.run(raw('echo 1'))).rc).toBe(0);
    server.drop();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const outcomes = await Promise.all([shell.run(raw('echo 2')), shell.run(raw('echo 3'))]);
    expect(outcomes.map((o) => o.stdout.toString())).toEqual(['2\n', '3\n']);
    expect(server.logins).toBe(2);
  });

  it('goes away for good: scripts do not run, and say why', async () => {
    shell = await openShell(server.target());
    await server.close();
    await shell.run(raw('echo')); // it may be the one that notices
    const outcome = await shell.run(raw('echo'));
    expect(outcome).toMatchObject({ reason: 'unreachable', rc: null });
    expect(outcome.message).toContain('connection refused');
    expect(outcome.message).toContain(String(server.port));
    await expect(shell.reconnect({ timeoutMs: 300 })).rejects.toMatchObject({ code: 'E_UNREACHABLE' });
  });

  it('goes away between scripts: none of many is taken for one that may have run, and one log-in is tried for all', async () => {
    let refused = false;
    let tries = 0;
    const transport = new SshTransport(() => undefined);
    const counted = (target: Target) => (refused && tries++, transport.connect(target));
    shell = await openShell(server.target(), { transport: { connect: counted } });
    await server.close();
    await shell.run(raw('echo')); // it may be the one that notices
    refused = true;
    const outcomes = await shell.batch(Array.from({ length: 20 }, () => raw('echo')));
    expect(outcomes).toHaveLength(20);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ reason: 'unreachable', rc: null, error: { code: 'E_UNREACHABLE' } });
    expect(tries).toBe(1);
  });

  it('drops the connection in the middle of a file: nothing of it is left', async () => {
    shell = await openShell(server.target());
    const large = { path: join(server.directory, 'large'), size: 60_000_000, sha256: '', mode: '0600' };
    writeFileSync(large.path, Buffer.alloc(large.size));
    const placed = join(server.directory, 'placed');
    mkdirSync(placed);
    const seen: string[] = [];
    const onSent = () => {
      seen.push(...readdirSync(placed));
      if (seen.length > 0) server.drop();
    };
    expect(await shell.put({ path: join(placed, 'file'), content: large }, { onSent })).toMatchObject({
      reason: 'lost',
    });
    expect(seen[0]).toMatch(/^\.xrun-/);
    await vi.waitFor(() => expect(readdirSync(placed)).toEqual([]), 10_000);
  });

  it('falls silent in mid-command or in the middle of a file: lost when its signs of life are missing', async () => {
    const config = join(server.directory, 'config');
    writeFileSync(config, 'Host *\n ServerAliveInterval 1\n ServerAliveCountMax 1\n');
    const lost = { reason: 'lost', message: expect.stringContaining('the host no longer answers') };
    shell = await openShell(server.target({ sshConfigFile: config }));
    expect(
      await shell.run(raw('echo begun; sleep 30'), { trust: 'theirs', onOutput: () => server.freeze() }),
    ).toMatchObject(lost);
    const large = { path: join(server.directory, 'large'), size: 60_000_000, sha256: '', mode: '0600' };
    writeFileSync(large.path, Buffer.alloc(large.size));
    expect(
      await shell.put({ path: `${large.path}-there`, content: large }, { onSent: () => server.freeze() }),
    ).toMatchObject(lost);
    expect((await shell.run(raw('echo back'))).stdout.toString()).toBe('back\n');
  });

  it('has much to say and no time for signs of life: not lost', async () => {
    const config = join(server.directory, 'config');
    writeFileSync(config, 'Host *\n ServerAliveInterval 1\n ServerAliveCountMax 2\n');
    shell = await openShell(server.target({ sshConfigFile: config }));
    const outcome = await shell.run(raw('for i in 1 2 3 4 5 6 7 8 9 10; do echo $i; sleep 0.5; done'), {
      onOutput: () => server.freeze(),
    });
    expect(outcome).toMatchObject({ reason: 'exit', rc: 0 });
  });

  it('freezes: the deadline holds, and closing does not hang', async () => {
    shell = await openShell(server.target({ connectTimeout: 500 }));
    const outcome = await shell.run(raw('echo begun; sleep 30'), {
      trust: 'theirs',
      timeoutMs: 300,
      onOutput: () => server.freeze(),
    });
    expect(outcome.reason).toBe('timeout');
    expect(outcome.message).toContain('did not answer');
  });

  it('has one session only: stopping, rotating and placing files work', async () => {
    server.faults.maxSessions = 1;
    shell = await openShell(server.target());
    expect((await shell.run(raw('sleep 30'), { trust: 'theirs', timeoutMs: 200 })).reason).toBe('timeout');
    expect((await shell.run(raw('sleep 30'), { timeoutMs: 200 })).reason).toBe('timeout');
    expect((await shell.run(raw('sleep 3 & echo x'), { trust: 'theirs' })).stdout.toString()).toBe('x\n');
    const content = randomBytes(2_000_000);
    const path = join(server.directory, 'file');
    expect((await shell.put({ path, content })).rc).toBe(0);
    expect((await get(shell, path)).equals(content)).toBe(true);
  });

  it('hangs up on new connections for a while: tried again', async () => {
    server.faults.refuseConnections = 3;
    shell = await openShell(server.target());
    expect((await shell.run(raw('echo in'))).stdout.toString()).toBe('in\n');
    expect(server.faults.refuseConnections).toBe(0);
  });

  it('prints before it obeys', async () => {
    server.faults.noise = { stdout: 'Welcome!\nno line end', stderr: 'stty: not a tty\n' };
    shell = await openShell(server.target());
    const outcome = await shell.run(raw('echo out; echo err >&2'));
    expect([outcome.stdout.toString(), outcome.stderr.toString()]).toEqual(['out\n', 'err\n']);
  });

  it('runs something else than a shell: refused with what it said', async () => {
    server.faults.forceCommand = 'echo "This account is not available."; exit 1';
    await expect(openShell(server.target())).rejects.toMatchObject({
      code: 'E_UNREACHABLE',
      message: expect.stringContaining('This account is not available.'),
    });
  });

  it('never starts a shell: refused in time', async () => {
    server.faults.forceCommand = 'sleep 30';
    await expect(openShell(server.target({ connectTimeout: 300 }))).rejects.toMatchObject({
      code: 'E_UNREACHABLE',
      message: expect.stringContaining('no shell answered'),
    });
  });

  it('is slow to log in: refused in time, or waited for', async () => {
    server.faults.slowAuth = 200;
    shell = await openShell(server.target());
    server.faults.slowAuth = 5000;
    await expect(openShell(server.target({ connectTimeout: 300 }))).rejects.toMatchObject({ code: 'E_UNREACHABLE' });
  });

  it('has its shell killed: only that script is lost', async () => {
    shell = await openShell(server.target());
    const outcome = await shell.run(raw('kill -9 $$'));
    expect(outcome.reason).toBe('lost');
    expect(outcome.message).toContain('the shell on the host ended');
    expect((await shell.run(raw('echo on'))).stdout.toString()).toBe('on\n');
    expect(server.logins).toBe(1);
  });
});

describe('a host with few commands', () => {
  it('does without setsid and base64', async () => {
    const server = await SshServer.start({ onlyCommands: ['cat', 'sleep', 'echo', 'head'] });
    const shell = await openShell(server.target());
    const bytes = Buffer.from(Array.from({ length: 3000 }, (_, i) => i % 256));
    for (const trust of ['ours', 'theirs'] as const) {
      const outcome = await shell.run({ text: 'cat; exit 3', stdin: bytes }, { trust });
      expect(outcome.rc).toBe(3);
      expect(outcome.stdout.equals(bytes)).toBe(true);
      expect((await shell.run(raw('echo a; sleep 30'), { trust, timeoutMs: 200 })).reason).toBe('timeout');
      expect((await shell.run(raw('echo b'), { trust })).stdout.toString()).toBe('b\n');
    }
    await shell.close();
    await server.close();
  });

  it('takes a large file without dd and sha256sum', async () => {
    const server = await SshServer.start({
      onlyCommands: ['cat', 'head', 'wc', 'stat', 'chown', 'chmod', 'sync', 'mv', 'rm'],
    });
    const shell = await openShell(server.target());
    const content = randomBytes(500_000);
    const path = join(server.directory, 'file');
    expect(await shell.put({ path, content })).toMatchObject({ reason: 'exit', rc: 0 });
    expect(readFileSync(path).equals(content)).toBe(true);
    expect((await shell.run(raw('echo on'))).stdout.toString()).toBe('on\n');
    await shell.close();
    await server.close();
  });
});
