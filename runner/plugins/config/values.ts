import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { definitionOf } from '../../model/options/command-options.ts';
import type { OptionName } from '../../model/options/command-options.ts';

/**
 * A value of the configuration as the command line would give it: lists where an option may be given several times,
 * variables as text, and paths from the directory of the configuration.
 */
export function optionValue(name: OptionName, value: unknown, base: string): unknown {
  const { many, path } = definitionOf(name);
  const absolute = (text: string) => (path ? text.replace(path, (file) => absolutePath(file, base)) : text);
  if (!many) return typeof value === 'string' ? absolute(value) : value;
  const texts = [value].flat().map((each) => absolute(typeof each === 'string' ? each : JSON.stringify(each)));
  return many === 'commas' ? texts.flatMap((text) => text.split(',').map((part) => part.trim())) : texts;
}

/** No shell has made a home directory of `~/`. */
function absolutePath(file: string, base: string): string {
  if (file.startsWith('~/')) return join(homedir(), file.slice(2));
  return isAbsolute(file) ? file : resolve(base, file);
}
