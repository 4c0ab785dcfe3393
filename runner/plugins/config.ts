import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { XrunError, XrunErrors } from '../diagnostics/errors.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { loadYaml } from '../language/yaml/load.ts';
import { positionOf } from '../language/yaml/positions.ts';
import { textOf } from '../language/yaml/utf8.ts';

/** What a project's configuration may say. */
const shape = {
  plugins: list('packages, and files from where the configuration lies'),
  roles: list('directories with roles'),
  inventory: list('inventories, for commands that are given none'),
};

/** A project's configuration. Paths are as they stand in it, relative to its directory. */
export interface Config {
  /** Absolute. */
  file: string;
  plugins: string[];
  roles: string[];
  inventory: string[];
  /** What was read, for the places of its values. */
  source: Record<string, unknown>;
}

const NAMES = ['yml', 'yaml', 'json', 'js', 'mjs', 'cjs', 'ts', 'mts'].map((extension) => `xrun.config.${extension}`);

/**
 * The configuration of the nearest directory upwards that has one: `xrun.config.{yml,json,js,ts}`, or the key `xrun` in
 * its package.json.
 *
 * @throws XrunError and XrunErrors E_CONFIG, with the place
 */
export async function findConfig(from: string, shown: (file: string) => string): Promise<Config | undefined> {
  for (let directory = from; ; directory = dirname(directory)) {
    const file = fileIn(directory, shown);
    if (file !== undefined) return readConfig(file, shown);
    if (directory === dirname(directory)) return undefined;
  }
}

function fileIn(directory: string, shown: (file: string) => string): string | undefined {
  const found = NAMES.map((name) => join(directory, name)).filter((file) => existsSync(file));
  const package_ = join(directory, 'package.json');
  if (existsSync(package_) && keyOf(package_) !== undefined) found.push(package_);
  if (found.length > 1)
    throw new XrunError('E_CONFIG', `found ${found.map(shown).join(' and ')}, expected one configuration`, {
      at: start(shown(found[1]!)),
      hint: 'Join them, and remove the others.',
    });
  return found[0];
}

/** Other programs read package.json, too: what it holds besides the key is ignored. */
function keyOf(file: string): unknown {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { xrun?: unknown } | null)?.xrun;
  } catch {
    return undefined;
  }
}

async function readConfig(file: string, shown: (file: string) => string): Promise<Config> {
  const name = shown(file);
  refuseOthers(file, name);
  const source = await valueOf(file, name);
  if (source === null || source === undefined) return { file, plugins: [], roles: [], inventory: [], source: {} };
  const { success, data, error } = z
    .strictObject(shape, 'expected a mapping with plugins, roles or inventory')
    .safeParse(source);
  if (success) return { file, ...data, source: source as Record<string, unknown> };
  throw new XrunErrors(error.issues.flatMap((issue) => faults(issue, source, name)));
}

/** What others may write would run, and log in, as the person who runs xrun below it. */
function refuseOthers(file: string, shown: string): void {
  for (const [path, what] of [
    [dirname(file), `the directory of ${shown}`],
    [file, shown],
  ] as const) {
    const { mode, gid } = statSync(path);
    const group = (mode & 0o020) !== 0 && gid !== process.getgid?.();
    if ((mode & 0o002) === 0 && !group) continue;
    throw new XrunError(
      'E_CONFIG',
      `others may write ${what}: its mode is ${(mode & 0o7777).toString(8).padStart(4, '0')}, so the configuration is refused`,
      { at: start(shown), hint: `Run \`chmod go-w '${path}'\`.` },
    );
  }
}

async function valueOf(file: string, shown: string): Promise<unknown> {
  if (file.endsWith('package.json')) return (loadYaml(read(file, shown), shown).value as Record<string, unknown>).xrun;
  if (/\.(ya?ml|json)$/.test(file)) return loadYaml(read(file, shown), shown).value;
  const { importFile } = await import('./import-file.ts');
  const exported = await importFile(file, 'the configuration', shown);
  return 'default' in exported ? exported.default : exported;
}

function read(file: string, shown: string): string {
  let bytes;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new XrunError('E_CONFIG', `cannot read the configuration: ${(error as Error).message.split(',')[0]}`, {
      at: start(shown),
      cause: error,
    });
  }
  return textOf(bytes, shown);
}

function faults(issue: z.core.$ZodIssue, source: unknown, shown: string): XrunError[] {
  const container = source as Record<string, unknown>;
  const [key, index] = issue.path as (string | number)[];
  const at = (name: string | number | undefined, part?: 'key') =>
    (name === undefined ? undefined : positionOf(container, name, part)) ?? start(shown);
  if (issue.code !== 'unrecognized_keys') {
    const place = index === undefined ? at(key) : (positionOf(container[String(key)], index) ?? at(key));
    return [new XrunError('E_CONFIG', `${key === undefined ? '' : `'${key}': `}${issue.message}`, { at: place })];
  }
  return issue.keys.map((name) => {
    const hint = didYouMean(name, Object.keys(shape)) ?? `A configuration has ${Object.keys(shape).join(', ')}.`;
    return new XrunError('E_CONFIG', `unknown key '${name}'`, { at: at(name, 'key'), hint });
  });
}

function list(what: string) {
  const each = z.string('expected text').min(1, 'expected text');
  return z
    .union([each, z.array(each)], `expected text or a list of texts: ${what}`)
    .default([])
    .transform((value) => (Array.isArray(value) ? value : [value]))
    .describe(what);
}

function start(file: string) {
  return { file, line: 1, col: 1 };
}
