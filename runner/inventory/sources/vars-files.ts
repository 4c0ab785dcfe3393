import { readFile, readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { XrunError } from '../../diagnostics/errors.ts';
import { loadYaml } from '../../language/yaml/load.ts';
import { positionOf } from '../../language/yaml/positions.ts';
import { textOf } from '../../language/yaml/utf8.ts';
import { kindOf } from '../../language/values/undefined.ts';
import { inventoryError } from '../draft.ts';
import type { Sourced } from '../../model/inventory.ts';

/** Opens a file that a vault encrypted; throws E_VAULT. */
export type OpenVault = (text: string, file: string) => string;

const endings = ['', '.yml', '.yaml', '.json'];

/** Variables files of one `group_vars` or `host_vars` directory for one name. */
export interface VarsFiles {
  files: string[];
  /** `web.yml` beside `web`: as in Ansible, only the first of these is read. */
  ignored: { path: string; because: string }[];
}

/**
 * Finds the files of a `group_vars` or `host_vars` directory by the name they are for; empty where there is none. What stands
 * for a name is the directory or file called exactly so, else the one that ends in .yml, .yaml or .json, in this order.
 */
export async function findVarsFiles(directory: string): Promise<Map<string, VarsFiles>> {
  const entries = new Map<string, { path: string; isDirectory: boolean; rank: number }[]>();
  for (const entry of await listing(directory)) {
    const path = join(directory, entry);
    const isDirectory = (await stat(path)).isDirectory();
    const ending = isDirectory ? '' : extname(entry);
    const rank = endings.indexOf(ending);
    const name = rank > 0 ? entry.slice(0, -ending.length) : entry;
    entries.set(name, [...(entries.get(name) ?? []), { path, isDirectory, rank: Math.max(0, rank) }]);
  }
  const found = new Map<string, VarsFiles>();
  for (const [name, all] of entries) {
    const [first, ...others] = all.toSorted((a, b) => a.rank - b.rank);
    const files = first!.isDirectory ? await filesBelow(first!.path) : [first!.path];
    found.set(name, { files, ignored: others.map(({ path }) => ({ path, because: first!.path })) });
  }
  return found;
}

/**
 * Reads a file of variables: each name with its value and place.
 *
 * @param shown the file's name in positions
 * @param origin how explanations call it
 */
export async function readVarsFile(
  file: string,
  shown: string,
  origin: string,
  open: OpenVault,
): Promise<[name: string, Sourced][]> {
  const vars = parseVars(await readText(file, shown), shown, open);
  return Object.entries(vars).map(([name, value]) => {
    const at = positionOf(vars, name);
    return [name, { value, origin, ...(at && { at }) }];
  });
}

/** A file's text. Throws E_INVENTORY where it cannot be read, E_YAML where it is no UTF-8. */
export async function readText(file: string, shown: string): Promise<string> {
  const bytes = await readFile(file).catch((error: Error) => {
    throw inventoryError(`${file} cannot be read: ${error.message}`, undefined, undefined, error);
  });
  return textOf(bytes, shown);
}

function parseVars(written: string, file: string, open: OpenVault): Record<string, unknown> {
  const text = written.startsWith('$ANSIBLE_VAULT;') ? open(written, file) : written;
  const { value, at } = loadYaml(text, file);
  if (value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new XrunError('E_INVENTORY', `a file of variables is a mapping, found a ${kindOf(value)}`, {
    at,
    hint: 'Write `name: value`.',
  });
}

async function listing(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).filter((name) => !/^\.|~$|\.(bak|orig|swp|retry|md|txt)$/.test(name)).toSorted();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw inventoryError(`${directory} cannot be read: ${(error as Error).message}`, undefined, undefined, error);
  }
}

async function filesBelow(directory: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await listing(directory)) {
    const path = join(directory, entry);
    if ((await stat(path)).isDirectory()) found.push(...(await filesBelow(path)));
    else if (endings.includes(extname(entry))) found.push(path);
  }
  return found;
}
