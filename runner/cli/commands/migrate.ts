import path from 'node:path';
import { XrunError } from '../../diagnostics/errors.ts';
import { migrate } from '../../api/index.ts';
import type { Destination, Plan } from '../../api/index.ts';
import { unifiedDiff } from '../../reporters/text/diff.ts';
import { errorLines } from '../../reporters/text/error-lines.ts';
import { oneLine } from '../../diagnostics/clean.ts';
import { EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { outOf } from '../out.ts';
import { migrationSummary, remarkLines } from '../texts/migrate-text.ts';

interface MigrateFlags {
  to?: string;
  inPlace?: boolean;
  force?: boolean;
  check?: boolean;
}

/** `xrun migrate PATH`: 0 where everything moved, 1 where something is left for people, which is listed. */
export async function migrateCommand(given: string, flags: MigrateFlags, io: Io): Promise<number> {
  const plan = await migrate(path.resolve(io.cwd, given), destinationOf(flags, io));
  const out = outOf(io.stdout);
  if (flags.check)
    out.write(
      differences(plan)
        .map((line) => `${oneLine(line)}\n`)
        .join(''),
    );
  const errors = plan.errors.flatMap((error) => errorLines(error, { color: false }));
  const remarks = [...errors, ...remarkLines(plan)];
  if (remarks.length > 0) outOf(io.stderr).write(remarks.map((line) => `${oneLine(line)}\n`).join(''));
  out.write(
    migrationSummary(plan, given)
      .map((line) => `${oneLine(line)}\n`)
      .join(''),
  );
  return plan.errors.length + plan.remarks.length + plan.helpers.length > 0 ? EXIT.failed : EXIT.ok;
}

function destinationOf({ to, inPlace, force, check }: MigrateFlags, io: Io): Destination {
  if (check) return { nowhere: true };
  if (inPlace) return { inPlace: true, force: force ?? false };
  if (to !== undefined) return { to: path.resolve(io.cwd, to) };
  throw new XrunError('E_USAGE', 'it is not said where the migrated files go', {
    hint: '`--to DIR` writes them to a new directory, `--in-place` replaces the old ones, `--check` shows what would change.',
  });
}

function differences({ changes }: Plan): string[] {
  return changes.flatMap(({ name, from, before = null, after }) => [
    ...(from === undefined ? [] : [`${from} becomes ${name}`]),
    ...(before === after ? [] : unifiedDiff({ what: name, before, after })),
  ]);
}
