import { join } from 'node:path';
import { migrate } from '../../runner/api/index.ts';
import type { Tool, Twins } from './hosts.ts';
import { makeProject } from './project.ts';
import type { Outcome, Runs } from './report.ts';
import { differences } from './state.ts';
import { runBy } from './tools.ts';

/**
 * Migrates a role, runs it and what it was on the twins, with a check before and a second run, and compares the hosts.
 * What was not the same before is not counted.
 */
export async function measureRole(twins: Twins, dir: string, role: string): Promise<Outcome> {
  const theirs = join(twins.scratch, role, 'ansible');
  const ours = join(twins.scratch, role, 'xrun');
  makeProject(dir, role, theirs);
  const plan = await migrate(theirs, { to: ours });
  const before = await differences(twins);
  const [xrun, ansible] = await Promise.all([threeRuns(twins, 'xrun', ours), threeRuns(twins, 'ansible', theirs)]);
  const known = new Set(before.map(({ tool, line }) => `${tool} ${line}`));
  const after = (await differences(twins)).filter(({ tool, line }) => !known.has(`${tool} ${line}`));
  return { role, plan, xrun, ansible, differences: after };
}

async function threeRuns(twins: Twins, tool: Tool, project: string): Promise<Runs> {
  const check = await runBy[tool](twins, project, true);
  const run = await runBy[tool](twins, project, false);
  const again = run.code === 0 ? await runBy[tool](twins, project, false) : undefined;
  return { check, run, again };
}
