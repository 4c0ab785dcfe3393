import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestLab } from './lab.ts';
import { xrun } from './xrun.ts';
import type { Ran } from './xrun.ts';

/** Runs tasks as a playbook of their own on hosts of a lab, without gathering facts. */
export async function play(lab: TestLab, hosts: string, tasks: readonly object[], ...options: string[]): Promise<Ran> {
  const directory = await mkdtemp(join(tmpdir(), 'xrun-play-'));
  const playbook = join(directory, 'site.yml');
  await writeFile(playbook, JSON.stringify([{ hosts, gather_facts: false, tasks }]));
  try {
    return await xrun(playbook, '-i', lab.inventory, ...options);
  } finally {
    await rm(directory, { recursive: true });
  }
}
