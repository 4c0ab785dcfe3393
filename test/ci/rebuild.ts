import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { putCommand } from '../docs/session.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** How the script ended: its exit code, what it printed, and the reports that it kept. */
export interface Rebuilt {
  code: number | null;
  output: string;
  reports: string[];
}

/**
 * Runs examples/ci/lab-rebuild.sh from start to end, in the root of the checkout, with its xrun.
 *
 * @param folder an empty directory, for the command and the reports
 * @param env what the script is given: RELEASES, PLAYBOOKS, LAB_UP ...
 */
export function rebuild(folder: string, env: Record<string, string>): Rebuilt {
  putCommand(folder, join(root, 'bin/xrun.cjs'));
  const reports = join(folder, 'reports');
  const { status, stdout, stderr } = spawnSync('bash', ['examples/ci/lab-rebuild.sh'], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      XRUN: join(folder, 'xrun'),
      REPORTS: reports,
      XRUN_STATE_DIR: join(folder, 'state'),
      ...env,
    },
  });
  return { code: status, output: stdout + stderr, reports: readdirSync(reports).toSorted() };
}
