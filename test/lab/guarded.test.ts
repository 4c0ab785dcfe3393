import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { consoleOf } from '../../lab/console.ts';
import type { Console } from '../../lab/console.ts';
import { pullPlug } from '../../lab/host.ts';
import { hostOf } from '../../lab/lab.ts';
import { checkout } from '../../lab/paths.ts';
import { differences, stageOf, stateOf } from '../soak/state.ts';
import { useLab } from '../support/lab.ts';
import { guardedPlaybook, RIGHT, SABOTAGE } from '../support/sabotage.ts';
import type { GuardedChange } from '../support/sabotage.ts';
import { xrun } from '../support/xrun.ts';

const lab = useLab();
const [more, moved] = RIGHT as [(typeof RIGHT)[0], (typeof RIGHT)[0]];
let console: Console;
let before: string[];

beforeAll(async () => {
  console = await consoleOf(lab.state, hostOf(lab.state, 'node2'));
  before = await stateOf(console);
});
afterEach(async () => {
  await console.run('rm -rf /run/xrun-guard*');
});

/** What of node2 is not as it was before the first test. */
const changes = async () => differences(before, await stateOf(console));

describe('a guarded block that loses its host takes everything back', () => {
  test.each(SABOTAGE)('$how', async (change) => {
    const ran = await guarded(change, 8);
    expect(ran.code, ran.output).toBe(1);
    expect(ran.output).toContain('rolled back');
    expect(await changes(), ran.output).toEqual([]);
    await lab.ask('node2', 'true');
  });

  test('the host has no systemd-run', async () => {
    await console.run('mv /usr/bin/systemd-run /usr/bin/systemd-run.away');
    try {
      const ran = await guarded(SABOTAGE[0]!, 8);
      expect(ran.output).toContain('rolled back');
      expect(await changes(), ran.output).toEqual([]);
    } finally {
      await console.run('mv /usr/bin/systemd-run.away /usr/bin/systemd-run');
    }
  });

  test('the bridge that it takes down', async () => {
    const bridge =
      'ip link add bry type bridge stp_state 1 && ip link set bry up && ip addr add 192.0.2.1/24 dev bry && ip route add 203.0.113.0/24 via 192.0.2.9 metric 7 mtu 1300 && ip rule add pref 99 from 192.0.2.1 lookup 99 && ip route add default via 192.0.2.9 table 99';
    await lab.ask('node2', bridge);
    const bridged = await stateOf(console);
    const ran = await guarded(
      { block: ['linux_bridge: {name: bry, state: absent}', 'shell: ip rule del pref 99'], confirm: "shell: 'false'" },
      8,
    );
    expect(ran.output).toContain('rolled back');
    // A new bridge makes up a new address of its own link.
    expect(
      differences(bridged, await stateOf(console)).filter((line) => !line.includes('fe80:')),
      ran.output,
    ).toEqual([]);
    await lab.ask('node2', 'ip rule del pref 99; ip link del bry');
  });

  test('a rule that lets nobody in', async () => {
    await lab.ask('node2', 'iptables -N kept && iptables -A kept -s 192.0.2.1 -j DROP && iptables -A INPUT -j kept');
    const rules = "iptables-save | sed '/^#/d; s/ \\[.*//'";
    const right = (await console.run(rules)).stdout;
    const ran = await guarded(
      {
        block: [
          'shell: iptables -N more; iptables -I INPUT -j more; iptables -A more -j DROP; iptables -F kept; iptables -P OUTPUT DROP',
        ],
      },
      8,
    );
    expect(ran.output).toContain('rolled back');
    expect((await console.run(rules)).stdout).toBe(right);
    await lab.ask('node2', 'iptables -D INPUT -j kept; iptables -F kept; iptables -X kept');
  });
});

test('a controller that is killed leaves nothing, and until then no other change is begun', async () => {
  await ended('SIGKILL', 15);
  const second = await guarded(more, 15);
  expect(second.code).toBe(1);
  expect(second.output).toMatch(/another guarded change of this host is (armed|applying)/);
  await expect.poll(changes, { timeout: 60_000, interval: 1000 }).toEqual([]);
});

test('one that is told to end takes it back at once', async () => {
  expect(await ended('SIGTERM', 600)).toBe(130);
  await expect.poll(changes, { timeout: 60_000, interval: 1000 }).toEqual([]);
});

test.each([more, moved])('one that is confirmed stays: $how', async (change) => {
  const ran = await guarded(change, 15);
  expect(ran.code, ran.output).toBe(0);
  const kept = await stateOf(console);
  expect(differences(before, kept)).not.toEqual([]);
  expect(
    (await console.run("ls -d /run/xrun-guard*; systemctl list-units --all --no-legend 'xrun-*'")).stdout,
    'nothing is left that could take it back',
  ).toBe('');
  await console.run(change.undo);
  await expect.poll(changes, { timeout: 30_000, interval: 500 }).toEqual([]);
});

test('a check says what it would do, and does nothing', async () => {
  const ran = await guarded({ block: ['linux_bridge: {name: brx, members: [eth0]}'] }, 15, '--check');
  expect(ran.code, ran.output).toBe(0);
  expect(ran.output).toContain('rollback timer of 15 s');
  expect(await changes()).toEqual([]);
});

test('a host that loses power before the change is confirmed comes up as it was', async () => {
  const wrong = SABOTAGE.find(({ how }) => how.includes('after a reboot too'))!;
  const host = hostOf(lab.state, 'node2');
  const change = guarded({ ...wrong, block: [...wrong.block, 'systemd: {name: ssh.service, masked: true}'] }, 600);
  await expect.poll(() => stageOf(console), { timeout: 60_000, interval: 20 }).toBe('applied');
  await pullPlug(lab.state, host);
  await lab.start('node2');
  console = await consoleOf(lab.state, host);
  const ran = await change;
  expect(ran.code, ran.output).toBe(1);
  expect(ran.output).toContain('the host was restarted before the change was confirmed; it was rolled back');
  // A boot gives links other numbers, and units of the console's that fail are none of the guard's.
  const lasting = async () => (await changes()).filter((line) => !/^. (link|failed) /.test(line));
  await expect.poll(lasting, { timeout: 60_000, interval: 1000 }).toEqual([]);
});

async function guarded(change: Omit<GuardedChange, 'how'>, seconds: number, ...options: string[]) {
  const dir = await playbook(change, seconds);
  try {
    return await xrun(join(dir, 'site.yml'), '-i', lab.inventory, ...options);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Sends the signal to an xrun that applies a change which would take longer than its guard's timer; its exit code. */
async function ended(signal: 'SIGKILL' | 'SIGTERM', seconds: number): Promise<number | null> {
  const dir = await playbook({ ...more, block: [...more.block, `shell: sleep ${2 * seconds}`] }, seconds);
  const child = spawn(process.execPath, ['bin/xrun.js', join(dir, 'site.yml'), '-i', lab.inventory], {
    cwd: checkout,
    stdio: 'ignore',
  });
  const code = new Promise<number | null>((resolve) => child.on('close', resolve));
  await expect.poll(() => stageOf(console), { timeout: 60_000, interval: 20 }).toBe('applying');
  child.kill(signal);
  await code;
  await rm(dir, { recursive: true, force: true });
  return code;
}

async function playbook(change: Omit<GuardedChange, 'how'>, seconds: number): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'xrun-guarded-'));
  await writeFile(join(dir, 'site.yml'), guardedPlaybook('node2', change, seconds));
  return dir;
}
