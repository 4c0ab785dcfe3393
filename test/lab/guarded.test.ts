import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { useLab } from '../support/lab.ts';
import type { TestLab } from '../support/lab.ts';
import { xrun } from '../support/xrun.ts';

const NETWORK = "ip -o -4 addr show | awk '{print $2,$4}' | grep -v veth | sort; ip -4 route | sort; ip -o link | sed 's/^[0-9]*: //; s/[:@].*//' | grep -v veth | sort; ls /etc/xrun-guarded 2>/dev/null || echo none";

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Ways to lose a host. Each would cut it off for good without the guard. */
const SABOTAGE = [
  { how: 'its address goes', block: ['shell: ip addr flush dev eth0'] },
  { how: 'its interface goes down', block: ['shell: ip link set dev eth0 down'] },
  { how: 'its interface disappears into a bridge', block: ['linux_bridge: {name: brx, members: [eth0]}', 'shell: ip addr flush dev eth0'] },
  { how: 'sshd stops', block: ['shell: systemctl stop ssh.service'] },
  { how: 'a later step fails', block: ['copy: {content: x, dest: /etc/xrun-guarded}', "shell: ip addr add 203.0.113.9/24 dev eth0", "shell: 'false'"] },
  { how: 'the confirmation fails', block: ['shell: ip addr add 203.0.113.9/24 dev eth0'], confirm: "shell: 'false'" },
];

describe('a guarded block that loses its host takes everything back', () => {
  const lab = useLab();

  test.each(SABOTAGE)('$how', async ({ block, confirm }) => {
    const before = await lab.ask('node2', NETWORK);
    const ran = await guarded(lab.inventory, block, confirm);
    expect(ran.code, ran.output).toBe(1);
    expect(ran.output).toContain('rolled back');
    expect(await lab.ask('node2', NETWORK), ran.output).toBe(before);
  });

  test('the controller is killed in the middle', async () => {
    const before = await lab.ask('node2', NETWORK);
    const earlier = await guards(lab, 'apply.sh');
    const dir = await playbook(['shell: ip addr flush dev eth0', 'shell: sleep 3']);
    const killed = spawn(process.execPath, ['bin/xrun.js', join(dir, 'site.yml'), '-i', lab.inventory], { cwd: root, stdio: 'ignore' });
    const gone = new Promise((resolve) => killed.on('close', resolve));
    await expect.poll(() => guards(lab, 'apply.sh'), { timeout: 60_000, interval: 50 }).not.toBe(earlier);
    await new Promise((resolve) => {
      setTimeout(resolve, 1000);
    });
    killed.kill('SIGKILL');
    await gone;
    await expect.poll(() => lab.exec('node2', NETWORK).then((r) => r.stdout.trim()), { timeout: 90_000, interval: 2000 }).toBe(before);
    await rm(dir, { recursive: true, force: true });
  });

  test('one that is confirmed stays', async () => {
    const kept = await guards(lab);
    const ran = await guarded(lab.inventory, ['shell: ip addr add 203.0.113.9/24 dev eth0']);
    expect(ran.code, ran.output).toBe(0);
    // Longer than the timer, so that it would have taken the address back by now.
    await new Promise((resolve) => {
      setTimeout(resolve, 17_000);
    });
    expect(await lab.ask('node2', 'ip -o -4 addr show dev eth0')).toContain('203.0.113.9');
    expect(await guards(lab), 'only what was taken back leaves its log').toBe(kept);
  });

  test('a check says what it would do, and does nothing', async () => {
    const before = await lab.ask('node2', NETWORK);
    const ran = await guarded(lab.inventory, ['linux_bridge: {name: brx, members: [eth0]}'], undefined, '--check');
    expect(ran.code, ran.output).toBe(0);
    expect(ran.output).toContain('rollback timer of 15 s');
    expect(await lab.ask('node2', NETWORK)).toBe(before);
  });
});

async function guarded(inventory: string, block: readonly string[], confirm?: string, ...options: string[]) {
  const dir = await playbook(block, confirm);
  try {
    return await xrun(join(dir, 'site.yml'), '-i', inventory, ...options);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** A directory with a `site.yml` that does this to node2 under a guard of 15 seconds. */
async function playbook(block: readonly string[], confirm = "shell: 'true'"): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'xrun-guarded-'));
  const tasks = block.map((task) => `          - ${task}\n`).join('');
  const text = `- hosts: node2
  tasks:
    - name: Dangerous
      guarded:
        timeout: 15
        confirm:
          - ${confirm}
            changed_when: false
      block:
${tasks}`;
  await writeFile(join(dir, 'site.yml'), text);
  return dir;
}

/** The directories of guards on node2, or a file of theirs. */
async function guards(lab: TestLab, file = ''): Promise<string> {
  return (await lab.exec('node2', `ls -d /run/xrun-guard-*/${file}`)).stdout;
}
