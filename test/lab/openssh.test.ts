import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensurePackages } from '../../bench/requirements.ts';
import { startSshd } from '../../bench/sshd.ts';
import type { Sshd } from '../../bench/sshd.ts';
import type { HostShell } from '../../runner/model/transport/host-shell.ts';
import { openShell } from '../../runner/connection/shell/open-shell.ts';
import { raw } from '../../runner/model/script.ts';
import type { Target } from '../../runner/model/transport/transport.ts';

/** How often a session is disturbed; more by this variable. */
const RUNS = Number(process.env.XRUN_FAULT_RUNS ?? 20);
const DEADLINE = 1000;

/** A real sshd, on loopback addresses of this machine: what it does under its own settings, and when it is disturbed. */
describe('an OpenSSH server', () => {
  let dir: string;
  let sshd: Sshd | undefined;
  const shells: HostShell[] = [];
  beforeAll(() => ensurePackages([], () => undefined), 300_000);
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'xrun-openssh-'));
  });
  afterEach(async () => {
    await Promise.all(shells.splice(0).map((shell) => shell.close()));
    sshd?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const addresses = Array.from({ length: 12 }, (_, i) => `127.3.0.${i + 1}`);
  const target = (host: string): Target => ({
    name: host,
    connection: 'ssh',
    host,
    port: sshd!.port,
    user: userInfo().username,
    privateKeyFile: sshd!.keyFile,
    knownHostsFile: sshd!.knownHosts,
    hostKeys: 'strict',
    connectTimeout: 30_000,
  });
  const open = async (host: string) => {
    const shell = await openShell(target(host));
    shells.push(shell);
    return shell;
  };

  it('takes few at a time, one session each, and drops some at random: all get in', async () => {
    sshd = await startSshd(dir, addresses, [], ['MaxSessions 1', 'MaxStartups 3:50:5']);
    const outcomes = await Promise.all(
      addresses.map(async (address) => {
        const shell = await open(address);
        expect((await shell.run(raw('sleep 30'), { trust: 'theirs', timeoutMs: 200 })).reason).toBe('timeout');
        return shell.run(raw('echo in'));
      }),
    );
    expect(outcomes.map((outcome) => outcome.stdout.toString())).toEqual(addresses.map(() => 'in\n'));
  }, 120_000);

  it('forces a command that prints a banner, before login scripts that print, too: nothing of it is in a result', async () => {
    const banner = join(dir, 'banner');
    writeFileSync(join(dir, 'motd'), 'message of the day\n');
    writeFileSync(
      banner,
      '#!/bin/sh\necho "*** authorized use only ***"; echo "*** really ***" >&2\nexec "${SHELL:-/bin/sh}" -c "$SSH_ORIGINAL_COMMAND"\n',
      { mode: 0o755 },
    );
    for (const name of ['.bashrc', '.profile', '.bash_profile'])
      writeFileSync(join(dir, name), `echo "hello from ${name}"; echo oops >&2; printf 'no line end'\n`);
    sshd = await startSshd(dir, addresses.slice(0, 1), [], [`ForceCommand ${banner}`, `Banner ${join(dir, 'motd')}`]);
    const shell = await open(addresses[0]!);
    for (const trust of ['ours', 'theirs'] as const) {
      const outcome = await shell.run(raw('echo out; echo err >&2; exit 3'), { trust });
      expect([outcome.rc, outcome.stdout.toString(), outcome.stderr.toString()]).toEqual([3, 'out\n', 'err\n']);
    }
  });

  it(
    `is killed or frozen at a moment that nobody chose, ${RUNS} times: nothing hangs, and nothing is ok that was not done`,
    async () => {
      sshd = await startSshd(dir, addresses);
      const ended = await Promise.all(Array.from({ length: RUNS }, (_, i) => disturbed(i)));
      expect(ended.filter(({ reason, done }) => reason === 'exit' && !done)).toEqual([]);
      expect(ended.every(({ reason }) => ['exit', 'lost', 'unreachable', 'timeout'].includes(reason))).toBe(true);
      expect(
        ended.filter(({ reason }) => reason !== 'exit').every(({ rc, message }) => rc === null && Boolean(message)),
      ).toBe(true);
    },
    120_000 + RUNS * 2000,
  );

  /** Runs a command that leaves a file at its end, and kills (even runs) or stops (odd runs) the session's sshd meanwhile. */
  async function disturbed(run: number) {
    const shell = await open(addresses[run % addresses.length]!);
    const session = Number((await shell.run(raw('echo $PPID'))).stdout.toString());
    expect(session).toBeGreaterThan(1);
    const file = join(dir, `done-${run}`);
    const work = shell.run(raw(`sleep 0.2; sleep 0.2; echo end; : >${file}`), { trust: 'theirs', timeoutMs: DEADLINE });
    const disturb = setTimeout(() => {
      try {
        process.kill(session, run % 2 ? 'SIGSTOP' : 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }, Math.random() * 500);
    const { reason, rc, message } = await work;
    clearTimeout(disturb);
    const done = existsSync(file);
    await shell.close();
    if (run % 2) {
      try {
        process.kill(session, 'SIGKILL');
      } catch {
        // Gone already.
      }
    }
    return { reason, rc, message, done };
  }
});
