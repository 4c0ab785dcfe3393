import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { attempt } from '../../lab/command.ts';
import { ansiblePlaybook } from '../../test/support/ansible.ts';
import { inventoryFor } from './hosts.ts';
import type { Tool, Twins } from './hosts.ts';

/** How a run ended: what it changed, or would have, in order, task by task, and what it wrote. */
export interface Ran {
  code: number;
  changed: string[];
  /** What a check cannot know. */
  unknown: string[];
  /** The recap's number. */
  changes: number;
  output: string;
}

/** Runs a project's site.yml by one of the tools. */
export const runBy: Record<Tool, (twins: Twins, project: string, check: boolean) => Promise<Ran>> = {
  async xrun(twins, project, check) {
    const report = join(twins.scratch, 'events.jsonl');
    const args = [
      join(project, 'site.yml'),
      '-i',
      inventoryFor(twins, 'xrun'),
      '--become',
      '--jsonl',
      report,
      '-o',
      'plain',
    ];
    rmSync(report, { force: true });
    const { code, stdout, stderr } = await attempt([process.execPath, command, ...args, ...(check ? ['--check'] : [])]);
    const tasks = existsSync(report) ? endedTasks(report) : [];
    const named = (status: string) => tasks.filter((task) => task.status === status).map((task) => task.task);
    const changed = named('changed');
    return { code, changed, unknown: named('unknown'), changes: changed.length, output: stdout + stderr };
  },
  async ansible(twins, project, check) {
    const args = ['-i', inventoryFor(twins, 'ansible'), '--become', 'site.yml', ...(check ? ['--check'] : [])];
    const { code, stdout, stderr } = await ansiblePlaybook(project, args);
    const changes = Number(/\bchanged=(\d+)/.exec(stdout)?.[1] ?? 0);
    return { code, changed: changedTasks(stdout), unknown: [], changes, output: stdout + stderr };
  },
};

const command = fileURLToPath(new URL('../../bin/xrun.cjs', import.meta.url));

function endedTasks(report: string): { task: string; status: string }[] {
  return readFileSync(report, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { type: string; task: string; status: string; item?: unknown })
    .filter(({ type, item }) => type === 'task_end' && item === undefined);
}

/** The names of the tasks that ansible-playbook's output calls changed. */
function changedTasks(output: string): string[] {
  const parts = output.split(/^(?:TASK|RUNNING HANDLER) \[(?:[^\]\n]* : )?/m).slice(1);
  return parts.filter((part) => /^changed: /m.test(part)).map((part) => part.slice(0, part.indexOf(']')));
}
