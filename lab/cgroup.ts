import { readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = '/sys/fs/cgroup';

/**
 * Kills whatever still runs in a host's control groups and removes them, in every hierarchy
 * (version 2 is the root itself, version 1 a directory per controller). Fine when there are none.
 */
export async function endGroup(lab: string, host: string): Promise<void> {
  const hierarchies = [root, ...(await readdir(root).catch(() => [])).map((name) => join(root, name))];
  for (const hierarchy of hierarchies) {
    await end(join(hierarchy, 'xrun-lab', lab, host));
    await rmdir(join(hierarchy, 'xrun-lab', lab)).catch(() => {}); // stays while another host is in it
  }
}

async function end(group: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const groups = await tree(group);
    if (groups.length === 0) return;
    for (const each of groups) for (const pid of await members(each)) kill(pid);
    for (const each of groups) await rmdir(each).catch(() => {}); // busy until its processes are gone
    await sleep(20);
  }
}

/** Stops all that runs on a host, as if its time stood still, or lets it go on. */
export async function freeze(lab: string, host: string, frozen: boolean): Promise<void> {
  const version1 = join(root, 'freezer');
  if ((await readdir(version1).catch(() => [])).length > 0)
    await writeFile(join(version1, 'xrun-lab', lab, host, 'freezer.state'), frozen ? 'FROZEN' : 'THAWED');
  else await writeFile(join(root, 'xrun-lab', lab, host, 'cgroup.freeze'), frozen ? '1' : '0');
}

/** The group and all below it, the deepest first. */
async function tree(group: string): Promise<string[]> {
  const entries = await readdir(group, { withFileTypes: true }).catch(() => undefined);
  if (!entries) return [];
  const below = await Promise.all(
    entries.filter((entry) => entry.isDirectory()).map((entry) => tree(join(group, entry.name))),
  );
  return [...below.flat(), group];
}

async function members(group: string): Promise<number[]> {
  const text = await readFile(join(group, 'cgroup.procs'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .map(Number)
    .filter((pid) => pid > 0);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone meanwhile
  }
}
