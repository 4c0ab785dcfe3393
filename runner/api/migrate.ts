import { XrunError } from '../diagnostics/errors.ts';
import { planMigration } from '../migrate/migrate.ts';
import type { Plan } from '../migrate/plan.ts';
import { uncommitted } from '../migrate/tracked.ts';
import { writeInPlace, writeTo } from '../migrate/write.ts';
import { catalog } from '../modules/catalog.ts';

export type { Plan } from '../migrate/plan.ts';

/** Where a migrated project goes: another directory, the place of the old one, or nowhere. */
export type Destination = { to: string } | { inPlace: true; force: boolean } | { nowhere: true };

/**
 * Moves an Ansible role, playbook or project over to xrun.
 *
 * @param path absolute
 * @returns what was changed, and what was left to people
 * @throws XrunError E_FILE, E_MIGRATE; nothing has been written then
 */
export async function migrate(path: string, destination: Destination): Promise<Plan> {
  if ('inPlace' in destination && !destination.force) await refuseUntracked(path);
  const plan = planMigration(path, await judgedArguments());
  if ('to' in destination) writeTo(plan, destination.to);
  if ('inPlace' in destination) writeInPlace(plan);
  return plan;
}

/** What `--in-place` replaces must be in the history of a git repository: there is a way back. */
async function refuseUntracked(path: string): Promise<void> {
  const why = await uncommitted(path);
  if (why === undefined) return;
  const hint = 'Commit first, so that you can go back; or write to another directory with --to, or use --force.';
  throw new XrunError('E_MIGRATE', `--in-place would replace files that git cannot bring back: ${why}`, { hint });
}

async function judgedArguments(): Promise<Map<string, Set<string>>> {
  const judged = new Map<string, Set<string>>();
  for (const name of catalog.names) {
    const { conditions = [], evaluates = [] } = await catalog.load(name);
    if (conditions.length + evaluates.length > 0) judged.set(name, new Set([...conditions, ...evaluates]));
  }
  return judged;
}
