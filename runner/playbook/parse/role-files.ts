import { readdirSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { found as shownAs, isMapping } from '../../diagnostics/found.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';
import { positionOf } from '../../language/yaml/positions.ts';
import type { Loading } from './loading.ts';
import type { Raw, Inherited } from '../../model/playbook.ts';

/**
 * The directory of a role, absolute; undefined where there is none, which is noted. A name with dots is a directory's
 * (`acme.nginx`), or its last part is, as in a collection's name; what is in no directory of roles may be an npm package.
 */
export function findRole(loading: Loading, name: Raw<string>, around: Inherited): string | undefined {
  const written = name.value;
  const directories = roleDirectories(loading, around);
  const beside = written.includes('/') ? [dirname(loading.absolute(name.at))] : [];
  const last = written.includes('/') ? written : (written.split('.').at(-1) ?? written);
  const places = [written, last].flatMap((each) =>
    [...directories, ...beside].map((directory) => resolve(directory, each)),
  );
  const path = places.find(isDirectory) ?? packagePaths(written, around.play.dir).find(isRole);
  if (path !== undefined) {
    checkParts(loading, name, path);
    return path;
  }
  const known = directories.flatMap(namesIn);
  const hint =
    didYouMean(written, known) ??
    `Looked in ${directories.map((directory) => loading.shown(directory)).join(', ')}${written.startsWith('@') ? `, and in each node_modules from there upwards: \`npm install ${written}\`` : ''}.`;
  loading.problems.add('E_ROLE', `there is no role '${written}'`, name.at, hint);
  return undefined;
}

/** Most packages are not roles. */
function isRole(path: string): boolean {
  return ['tasks', 'handlers', 'defaults', 'vars', 'meta'].some((part) => isDirectory(join(path, part)));
}

/** Where Node would look for a package of this name. */
function packagePaths(name: string, from: string): string[] {
  if (!/^(@[\w.-]+\/)?\w[\w.-]*$/.test(name)) return [];
  const paths = [];
  for (let directory = from; ; directory = dirname(directory)) {
    paths.push(join(directory, 'node_modules', name));
    if (directory === dirname(directory)) return paths;
  }
}

const parts = ['tasks', 'handlers', 'defaults', 'vars', 'meta', 'templates', 'files', 'modules', 'helpers'];

/** Notes a directory whose name is nearly one that the role has not: `taks`. */
function checkParts(loading: Loading, name: Raw<string>, path: string): void {
  const names = namesIn(path);
  const missing = parts.filter((part) => !names.includes(part));
  for (const other of names.filter((one) => !parts.includes(one))) {
    const hint = didYouMean(other, missing);
    if (hint && isDirectory(join(path, other)))
      loading.problems.add(
        'E_ROLE',
        `role '${name.value}' has '${loading.shown(join(path, other))}', which nothing reads`,
        name.at,
        hint,
      );
  }
}

/**
 * The files of one part of a role: `main` or the one named, `.yml`, `.yaml` or `.json`, or all of a directory `main`.
 *
 * @param main what is read where none is named
 */
export function roleFiles(
  loading: Loading,
  path: string,
  part: string,
  from: Raw<string> | undefined,
  main = 'main',
): string[] {
  const base = join(path, part, from?.value ?? main);
  for (const extension of from ? ['', ...extensions] : extensions) {
    if (isFile(base + extension)) return [base + extension];
  }
  if (!from) {
    const names = namesIn(base);
    return names
      .filter((name) => extensions.some((extension) => name.endsWith(extension)))
      .map((name) => join(base, name));
  }
  const names = namesIn(join(path, part)).map((name) => name.replace(/\.(ya?ml|json)$/, ''));
  loading.problems.add(
    'E_FILE',
    `the role has no ${part}/${from.value}`,
    from.at,
    didYouMean(from.value, names) ?? `Looked in ${loading.shown(join(path, part))}.`,
  );
  return [];
}

const extensions = ['.yml', '.yaml', '.json'];

/** What `meta/main.yml` of the role at `path` says; an empty mapping where there is none, or a wrong one, which is noted. */
export async function metaOf(loading: Loading, path: string): Promise<Record<string, unknown>> {
  for (const file of roleFiles(loading, path, 'meta', undefined)) {
    const content = await loading.read(file);
    if (isMapping(content)) return content;
    if (content !== null && content !== undefined)
      loading.problems.add('E_TYPE', `found ${shownAs(content)}, expected a mapping`, positionOf(content));
  }
  return {};
}

/** Beside the role that asks, beside the playbook, in the project, and where the options say. */
function roleDirectories(loading: Loading, around: Inherited): string[] {
  const own = around.role ? [dirname(around.role.path)] : [];
  const { dir } = around.play;
  return [
    ...new Set([...own, join(dir, 'roles'), join(dirname(dir), 'roles'), ...(loading.options.rolesPath ?? []), dir]),
  ];
}

function namesIn(directory: string): string[] {
  return isDirectory(directory) ? readdirSync(directory).sort() : [];
}

function isDirectory(path: string): boolean {
  return found(path)?.isDirectory() ?? false;
}

/** Whether there is a file, no directory, at `path`. */
export function isFile(path: string): boolean {
  return found(path)?.isFile() ?? false;
}

/** What cannot be looked at, behind a file or a closed directory, is not there. */
function found(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
