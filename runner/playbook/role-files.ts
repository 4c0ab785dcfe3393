import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { didYouMean } from '../nearest.ts';
import type { Loading } from './loading.ts';
import type { Surroundings } from './surroundings.ts';
import type { Raw } from './types.ts';

/** The directory of a role, absolute; undefined where there is none, which is noted. */
export async function findRole(loading: Loading, name: Raw<string>, around: Surroundings): Promise<string | undefined> {
  const short = name.value.includes('/') ? name.value : (name.value.split('.').at(-1) ?? name.value);
  const directories = roleDirectories(loading, around);
  const beside = name.value.includes('/') ? [dirname(loading.absolute(name.at))] : [];
  for (const directory of [...directories, ...beside]) {
    const path = resolve(directory, short);
    if (!(await isDirectory(path))) continue;
    await checkParts(loading, name, path);
    return path;
  }
  const known = (await Promise.all(directories.map(namesIn))).flat();
  const hint = didYouMean(name.value, known) ?? `looked in ${directories.map((directory) => loading.shown(directory)).join(', ')}`;
  loading.problems.add('E_ROLE', `there is no role '${name.value}'`, name.at, hint);
  return undefined;
}

const parts = ['tasks', 'handlers', 'defaults', 'vars', 'meta', 'templates', 'files'];

/** Notes a directory whose name is nearly one that the role has not: `taks`. */
async function checkParts(loading: Loading, name: Raw<string>, path: string): Promise<void> {
  const names = await namesIn(path);
  const missing = parts.filter((part) => !names.includes(part));
  for (const other of names.filter((one) => !parts.includes(one))) {
    const hint = didYouMean(other, missing);
    if (hint && (await isDirectory(join(path, other)))) loading.problems.add('E_ROLE', `role '${name.value}' has '${loading.shown(join(path, other))}', which nothing reads`, name.at, hint);
  }
}

/** The files of one part of a role: `main` or the one named, `.yml`, `.yaml` or `.json`, or all of a directory `main`. */
export async function roleFiles(loading: Loading, path: string, part: string, from: Raw<string> | undefined): Promise<string[]> {
  const base = join(path, part, from?.value ?? 'main');
  for (const extension of from ? ['', ...extensions] : extensions) {
    if (await isFile(base + extension)) return [base + extension];
  }
  if (!from) {
    const names = await namesIn(base);
    return names.filter((name) => extensions.some((extension) => name.endsWith(extension))).map((name) => join(base, name));
  }
  const names = (await namesIn(join(path, part))).map((name) => name.replace(/\.(ya?ml|json)$/, ''));
  loading.problems.add('E_FILE', `the role has no ${part}/${from.value}`, from.at, didYouMean(from.value, names) ?? `looked in ${loading.shown(join(path, part))}`);
  return [];
}

const extensions = ['.yml', '.yaml', '.json'];

/** Beside the role that asks, beside the playbook, in the project, and where the options say. */
function roleDirectories(loading: Loading, around: Surroundings): string[] {
  const own = around.role ? [dirname(around.role.path)] : [];
  const { dir } = around.play;
  return [...new Set([...own, join(dir, 'roles'), join(dirname(dir), 'roles'), ...(loading.options.rolesPath ?? []), dir])];
}

async function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).then(
    (names) => names.sort(),
    () => [],
  );
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Whether there is a file, no directory, at `path`. */
export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
