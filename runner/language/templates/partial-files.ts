import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { didYouMean } from '../../diagnostics/nearest.ts';

const ending = '.hbs';

/**
 * Where partials lie: `partials/` beside the template, its own folder, then `templates/partials/` of each base (the
 * role, the playbook's directory) and of the directory above it.
 *
 * @param bases absolute directories
 * @param near the file that names the partial, absolute
 */
export function partialFolders(bases: readonly string[], near: string | undefined): string[] {
  const beside = near === undefined ? [] : [join(dirname(near), 'partials'), dirname(near)];
  return [
    ...beside,
    ...bases.flatMap((base) => [base, dirname(base)]).map((base) => join(base, 'templates', 'partials')),
  ];
}

/** The files that may be the partial of this name, the first that is there being it. */
export function partialPaths(name: string, folders: readonly string[]): string[] {
  return folders.map((folder) => join(folder, name + ending));
}

/** What to do about a partial that is in none of the folders. */
export function missingPartialHint(name: string, folders: readonly string[]): string {
  const known = folders.flatMap(namesIn);
  return didYouMean(name, known) ?? `Create it as templates/partials/${name}${ending}.`;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).flatMap((name) => (name.endsWith(ending) ? [name.slice(0, -ending.length)] : []));
  } catch {
    return [];
  }
}
