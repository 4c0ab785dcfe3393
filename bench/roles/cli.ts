/** npm run measure:roles -- DIR [ROLE...]: roles by ansible-playbook on one host, and migrated by xrun on its twin. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { down } from '../../lab/lab.ts';
import { ensureAnsible } from '../../test/support/ansible.ts';
import { renewTwins, twinsUp } from './hosts.ts';
import { measureRole } from './measure.ts';
import { details, table } from './report.ts';
import type { Outcome } from './report.ts';

const program = new Command('measure:roles')
  .description('Run roles by ansible-playbook on one lab host, and migrated by xrun on another, and compare the hosts')
  .argument('<dir>', 'a directory with a directory for each role, OWNER+REPOSITORY')
  .argument('[role...]', 'only these directories, or the ends of their names (default: all)')
  .option('--lab <name>', 'name of the lab', 'roles')
  .option('--fresh', 'new hosts for each role (default: for the first)')
  .option('--keep', 'leave the lab up, and each role as it was run in the temporary directory')
  .parse();

const [dir = '', ...wanted] = program.args;
const { lab, keep = false, fresh = false } = program.opts<{ lab: string; keep?: boolean; fresh?: boolean }>();

const roles = wanted.length === 0 ? readdirSync(dir) : wanted.map(roleNamed);
const scratch = mkdtempSync(join(tmpdir(), 'xrun-roles-'));
await ensureAnsible();
const twins = await twinsUp(lab, scratch);
const outcomes: Outcome[] = [];
try {
  for (const [n, role] of roles.entries()) {
    if (fresh || n === 0) await renewTwins(twins);
    const outcome = await measureRole(twins, resolve(dir), role);
    process.stdout.write(details(outcome));
    outcomes.push(outcome);
  }
} finally {
  process.stdout.write(`\n${table(outcomes)}\n`);
  twins.mirror.close();
  if (!keep) {
    await down(lab);
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The directory of that name, or the only one whose name ends so: `role-git`, `ufw`. */
function roleNamed(end: string): string {
  const found = readdirSync(dir).filter((name) => name === end || name.endsWith(`-${end}`));
  if (found.length === 1) return found.join('');
  throw new Error(`'${end}' is the end of ${found.length} names in ${dir}: ${found.join(', ')}`);
}
