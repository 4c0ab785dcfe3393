import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve, isAbsolute } from 'node:path';
import { XrunError } from '../../diagnostics/errors.ts';
import type { Position } from '../../diagnostics/errors.ts';
import type { LocalKind } from '../../model/arguments/local.ts';
import type { LocalFile, LocalTree } from '../../model/local-file.ts';
import { readBlocks } from '../../connection/files/read-blocks.ts';
import { readTree } from './local-tree.ts';

/** Where a task looks for files of the controller. */
export interface SearchPath {
  /** The play's directory. */
  dir: string;
  /** The role's directory, for tasks of a role. */
  role?: string;
  /** The file the task is in: included files bring their neighbours. */
  taskFile: string;
}

/**
 * The file or directory a task means: absolute, or in the role's, the task file's and the playbook's `files/` (or
 * `templates/`), or beside them; last in the project's own folder of that name next to the playbooks' folder.
 * Throws E_LOCAL_FILE, listing the places.
 */
export async function findLocal(name: string, kind: LocalKind, search: SearchPath, at: Position): Promise<string> {
  const folder = kind === 'template' ? 'templates' : 'files';
  const bases = [search.role, search.role && join(search.role, 'tasks'), dirname(search.taskFile), search.dir];
  const places = isAbsolute(name)
    ? [name]
    : bases.filter((b): b is string => Boolean(b)).flatMap((base) => [join(base, folder, name), join(base, name)]);
  if (!isAbsolute(name)) places.push(resolve(search.dir, '..', folder, name));
  const named = kind === 'template' ? places.flatMap((p) => [p, `${p}.hbs`]) : places;
  for (const place of named) {
    if (existsSync(place)) return place;
  }
  throw new XrunError('E_LOCAL_FILE', `${kind} '${name}' was not found`, {
    at,
    hint: `Looked for ${[...new Set(named)].join(', ')}.`,
  });
}

/**
 * What is needed to compare a file: its size, checksum and mode; a directory comes with all that is in it. Throws E_LOCAL_FILE.
 */
export async function readLocal(path: string, kind: LocalKind): Promise<LocalFile | LocalTree> {
  try {
    const info = await stat(path);
    if (info.isDirectory()) return await readTree(path, kind === 'tree', describe);
    return await describe(path);
  } catch (error) {
    if (error instanceof XrunError) throw error;
    throw new XrunError('E_LOCAL_FILE', `cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** The file that a task would write on the controller, as it is now; undefined where there is none. */
export async function readSaved(path: string): Promise<LocalFile | undefined> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory())
    throw new XrunError('E_LOCAL_FILE', `${path} is a directory; a file was to be written there`);
  return info && describe(path);
}

/** Bytes up to which a file's content is kept to be shown in diffs. */
const SHOWN_MAX = 256 * 1024;

/** Checksums of files that did not change since they were last read: 200 hosts copy the same file. */
const known = new Map<string, LocalFile & { stamp: string }>();

/** A file as it is now. */
export async function describe(path: string): Promise<LocalFile> {
  const info = await stat(path);
  const stamp = `${info.mtimeMs} ${info.size} ${info.ino}`;
  const seen = known.get(path);
  if (seen?.stamp === stamp) return seen;
  const hash = createHash('sha256');
  for await (const block of readBlocks(path)) hash.update(block);
  const content = info.size <= SHOWN_MAX ? await readFile(path) : undefined;
  const file = {
    path,
    size: info.size,
    sha256: hash.digest('hex'),
    mode: (info.mode & 0o7777).toString(8).padStart(4, '0'),
    stamp,
    ...(content && { content }),
  };
  known.set(path, file);
  return file;
}

const texts = new Map<string, Promise<string>>();

/** A template's text, read once a run. */
export function readTemplate(path: string): Promise<string> {
  let text = texts.get(path);
  if (!text) texts.set(path, (text = readFile(path, 'utf8')));
  return text;
}
