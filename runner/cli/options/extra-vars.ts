import { readFileSync } from 'node:fs';
import path from 'node:path';
import { XrunError } from '../../diagnostics/errors.ts';
import { parseVars } from '../../api/index.ts';
import { SplitError, splitWords } from '../../model/words.ts';

/**
 * One `-e`: `k=v k2="a b"` (values are texts, but for `true` and `false`), inline JSON or YAML (`{"n": 3}`, `n: 3`), or `@file`.
 *
 * @param cwd what a file is relative to
 * @throws XrunError E_EXTRA_VARS, or what reading YAML throws
 */
export function extraVars(text: string, cwd: string): Record<string, unknown> {
  if (text.startsWith('@')) return fromFile(text.slice(1), cwd);
  if (/^\s*\{/.test(text) || (/^[^\s=]+:(\s|$)/.test(text) && !/^[^\s:]+=/.test(text)))
    return parseVars(text, '--extra-vars');
  return Object.fromEntries(words(text).map(pair));
}

function words(text: string): string[] {
  try {
    return splitWords(text);
  } catch (error) {
    if (!(error instanceof SplitError)) throw error;
    throw new XrunError('E_QUOTES', `--extra-vars: ${error.message}: ${text}`);
  }
}

function pair(word: string): [string, string | boolean] {
  const equals = word.indexOf('=');
  if (equals < 1) {
    throw new XrunError('E_EXTRA_VARS', `--extra-vars: expected NAME=VALUE, found '${word}'`, {
      hint: `Write name=value, '{"name": value}' or @file.yml; quote values with spaces: -e 'name="a b"'.`,
    });
  }
  const value = word.slice(equals + 1);
  // As in an INI inventory. The text `false` would be true for every `#if`, and no condition takes it.
  return [word.slice(0, equals), /^([Tt]rue|[Ff]alse)$/.test(value) ? /^t/i.test(value) : value];
}

function fromFile(file: string, cwd: string): Record<string, unknown> {
  const whole = path.resolve(cwd, file);
  let text: string;
  try {
    text = readFileSync(whole, 'utf8');
  } catch (cause) {
    throw new XrunError('E_EXTRA_VARS', `--extra-vars: cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
  return parseVars(text, file);
}
