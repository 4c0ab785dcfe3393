/** npm run measure:content -- DIR: how much of the Ansible content in a directory of repositories runs after `xrun migrate`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import { migrate } from '../../runner/api/index.ts';
import { blockersOf } from './judge.ts';
import { blockerTable, placesOf, summary, unitTable } from './report.ts';
import type { Measured } from './report.ts';
import { unitsIn } from './units.ts';
import type { Unit } from './units.ts';

const program = new Command('measure:content')
  .description('Migrate every role of the repositories in a directory, validate what comes of it, and count')
  .argument('<dir>', 'a directory with a directory for each repository')
  .option('--places', "list every blocker on Debian's branch with its place, too")
  .option('--blockers <n>', 'how many kinds of blockers to list', '40')
  .parse();

await main(resolve(program.args[0] ?? ''), program.opts<{ blockers: string; places?: boolean }>());

async function main(directory: string, options: { blockers: string; places?: boolean }): Promise<void> {
  const units = unitsIn(directory);
  const scratch = mkdtempSync(join(tmpdir(), 'xrun-content-'));
  try {
    const measured: Measured[] = [];
    for (const repository of new Set(units.map((unit) => unit.repository))) {
      const roles = units.filter((unit) => unit.repository === repository);
      measured.push(...(await measure(repository, join(scratch, basename(repository)), roles)));
    }
    if (options.places) process.stdout.write(`${placesOf(measured)}\n`);
    const blockers = blockerTable(measured, Number(options.blockers));
    process.stdout.write(`${unitTable(measured)}\n${blockers}\n${summary(measured)}`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A repository is migrated once, as its user would; each of its roles is a unit. */
async function measure(repository: string, moved: string, roles: Unit[]): Promise<Measured[]> {
  const plan = await migrate(repository, { to: moved });
  const measured: Measured[] = [];
  for (const unit of roles) measured.push({ unit, plan, blockers: await blockersOf(plan, moved, unit.role) });
  return measured;
}
