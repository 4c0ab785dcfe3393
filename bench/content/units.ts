import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

/** A role of a fetched repository. */
export interface Unit {
  /** The repository's directory. */
  repository: string;
  /** The role's directory below it; '.' where the repository is one role. */
  role: string;
}

const skipped = new Set(['.git', 'node_modules', 'molecule', 'tests', 'test']);

/** The repositories in a directory, and the roles of each. */
export function unitsIn(directory: string): Unit[] {
  const repositories = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return repositories.flatMap(({ name }) => {
    const repository = join(directory, name);
    return rolesIn(repository).map((role) => ({ repository, role: relative(repository, role) || '.' }));
  });
}

/** What a unit is called in the table. */
export function unitName({ repository, role }: Unit): string {
  return role === '.' ? basename(repository) : `${basename(repository)}/${role}`;
}

function rolesIn(directory: string): string[] {
  const own = ['main.yml', 'main.yaml'].some((name) => existsSync(join(directory, 'tasks', name))) ? [directory] : [];
  const below = readdirSync(directory, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !skipped.has(entry.name) && !(own.length > 0 && entry.name === 'tasks'),
  );
  return [...own, ...below.flatMap(({ name }) => rolesIn(join(directory, name)))];
}

/** The files of one part of a role, `tasks` or `templates`, absolute; those in folders too. */
export function partFiles(role: string, part: string): string[] {
  const directory = join(role, part);
  if (!existsSync(directory)) return [];
  const entries = readdirSync(directory, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** The directory that a role is looked for in. */
export function rolesDirectory(role: string): string {
  return dirname(role);
}
