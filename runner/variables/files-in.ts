import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { XrunError } from '../diagnostics/errors.ts';
import { Pattern } from '../language/regex/pattern.ts';

/** Which files of a directory `include_vars` reads. */
export interface Choice {
  /** Levels of directories to look into; 0 and undefined: all. */
  depth?: unknown;
  files_matching?: unknown;
  ignore_files?: unknown;
  extensions?: unknown;
  ignore_unknown_extensions?: unknown;
}

const EXTENSIONS = ['yaml', 'yml', 'json'];

/**
 * The files that `include_vars` reads at `path`: the file itself, or those of the directory, a directory's own before
 * those of the directories in it, each in the order of their names. Throws E_VARS for a file with another extension.
 */
export async function varsFilesIn(path: string, choice: Choice = {}): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const depth = Number(choice.depth ?? 0);
  const files = (await walk(path, depth > 0 ? depth : Infinity)).filter((file) => isWanted(file, choice));
  const extensions = listOf(choice.extensions ?? EXTENSIONS);
  const isKnown = ({ name }: Found) => extensions.some((extension) => name.endsWith(`.${extension}`));
  const odd = isTrue(choice.ignore_unknown_extensions) ? undefined : files.find((file) => !isKnown(file));
  if (!odd) return files.filter(isKnown).map((file) => file.path);
  throw new XrunError('E_VARS', `${odd.path} does not have one of the extensions ${extensions.join(', ')}`, {
    hint: 'Name it in `ignore_files`, or set `ignore_unknown_extensions: true`.',
  });
}

interface Found {
  name: string;
  path: string;
}

async function walk(dir: string, depth: number): Promise<Found[]> {
  const entries = (await readdir(dir)).sort().map((name) => ({ name, path: join(dir, name) }));
  const kinds = await Promise.all(entries.map(async ({ path }) => (await stat(path)).isDirectory()));
  const inner =
    depth > 1 ? await Promise.all(entries.filter((_, i) => kinds[i]).map(({ path }) => walk(path, depth - 1))) : [];
  return [...entries.filter((_, i) => !kinds[i]), ...inner.flat()];
}

function isWanted({ name }: Found, { files_matching, ignore_files }: Choice): boolean {
  if (files_matching !== undefined && !new Pattern(String(files_matching)).test(name)) return false;
  return !listOf(ignore_files ?? []).some((pattern) => new Pattern(`(?:${pattern})$`).test(name));
}

function listOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : String(value).split(/[\s,]+/)).map(String);
}

function isTrue(value: unknown): boolean {
  return value === true || /^(true|yes|on|1)$/i.test(String(value));
}
