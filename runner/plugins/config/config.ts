import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { XrunError, XrunErrors } from '../../diagnostics/errors.ts';
import type { Position } from '../../diagnostics/errors.ts';
import { found } from '../../diagnostics/found.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';
import { loadYaml } from '../../language/yaml/load.ts';
import { positionOf } from '../../language/yaml/positions.ts';
import { textOf } from '../../language/yaml/utf8.ts';
import type { OptionName } from '../../model/options/command-options.ts';
import { CONFIG_KEYS, canonicalKey, expectedOf, optionOf } from './shape.ts';
import { refuseOthers } from './trust.ts';
import { optionValue } from './values.ts';

/** A project's configuration. */
export interface Config {
  /** Absolute. */
  file: string;
  /** As they stand in it. */
  plugins: ConfigList;
  /** As they stand in it, from its directory. */
  roles: ConfigList;
  /** Values of options, as the command line would give them; paths are absolute. */
  options: ReadonlyMap<OptionName, { value: unknown; at: Position }>;
}

/** Texts with the place of each. */
type ConfigList = { text: string; at: Position }[];

const NAMES = ['yml', 'yaml', 'json', 'js', 'mjs', 'cjs', 'ts', 'mts'].map((extension) => `xrun.config.${extension}`);

/**
 * The configuration of the nearest directory upwards that has one: `xrun.config.{yml,json,js,ts}`, or the key `xrun` in
 * its package.json.
 *
 * @param playbook the one that is run, if any: who owns it may own the configuration, too
 * @throws XrunError and XrunErrors E_CONFIG, with the place
 */
export async function findConfig(
  from: string,
  shown: (file: string) => string,
  playbook?: string,
): Promise<Config | undefined> {
  for (let directory = from; ; directory = dirname(directory)) {
    const file = fileIn(directory, shown);
    if (file !== undefined) {
      refuseOthers(file, shown(file), ownersOf(playbook));
      return readConfig(file, shown(file));
    }
    if (directory === dirname(directory)) return undefined;
  }
}

/** Who runs somebody's playbook trusts them: a checkout in a container of a CI job often belongs to another user. */
function ownersOf(playbook: string | undefined): number[] {
  const owner = playbook === undefined ? undefined : statSync(playbook, { throwIfNoEntry: false })?.uid;
  return owner === undefined ? [] : [owner];
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

async function readConfig(file: string, shown: string): Promise<Config> {
  const source = (await valueOf(file, shown)) ?? {};
  if (typeof source !== 'object' || Array.isArray(source))
    throw new XrunError('E_CONFIG', `expected a mapping of options, found ${found(source)}`, { at: start(shown) });
  const given = Object.entries(source).map(([key, value]) => ({ key, name: canonicalKey(key), value }));
  const at = (key: string, part?: 'key') => positionOf(source, key, part) ?? start(shown);
  const errors = given.flatMap(({ key, name, value }, i) => {
    if (!CONFIG_KEYS.includes(name)) return [unknownKey(key, at(key, 'key'))];
    const twin = given.slice(0, i).find((other) => other.name === name);
    if (twin) return [new XrunError('E_CONFIG', `'${key}' and '${twin.key}' are the same key`, { at: at(key, 'key') })];
    const expected = expectedOf(name, value);
    return expected === undefined ? [] : [wrongValue(key, expected, value, at(key))];
  });
  if (errors.length > 0) throw errors.length === 1 ? errors[0]! : new XrunErrors(errors);
  const lists = (wanted: string): ConfigList =>
    given
      .filter(({ name }) => name === wanted)
      .flatMap(({ key, value }) =>
        [value].flat().map((text, i) => ({ text: String(text), at: positionOf(value, i) ?? at(key) })),
      );
  const options = given.flatMap(({ key, name, value }) => {
    const option = optionOf(name);
    return option ? [[option, { value: optionValue(option, value, dirname(file)), at: at(key) }] as const] : [];
  });
  return { file, plugins: lists('plugins'), roles: lists('roles'), options: new Map(options) };
}

function unknownKey(key: string, at: Position): XrunError {
  const hint = didYouMean(key, CONFIG_KEYS) ?? '`xrun config` lists the keys of a configuration.';
  return new XrunError('E_CONFIG', `unknown key '${key}'`, { at, hint });
}

/** Reported at the item of a list that is wrong, where that is one. */
function wrongValue(key: string, expected: string, value: unknown, whole: Position): XrunError {
  const item = Array.isArray(value) ? value.findIndex((each) => typeof each !== 'string' || each === '') : -1;
  const wrong: unknown = Array.isArray(value) && item >= 0 ? value[item] : value;
  const at = (item >= 0 && positionOf(value, item)) || whole;
  return new XrunError('E_CONFIG', `'${key}': expected ${expected}, found ${found(wrong)}`, { at });
}

async function valueOf(file: string, shown: string): Promise<unknown> {
  if (file.endsWith('package.json')) return (loadYaml(read(file, shown), shown).value as Record<string, unknown>).xrun;
  if (/\.(ya?ml|json)$/.test(file)) return loadYaml(read(file, shown), shown).value;
  const { importFile } = await import('../import-file.ts');
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

function start(file: string): Position {
  return { file, line: 1, col: 1 };
}
