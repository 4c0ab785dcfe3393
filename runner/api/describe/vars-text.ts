import { XrunError } from '../../diagnostics/errors.ts';
import { loadYaml } from '../../language/yaml/load.ts';

/**
 * Variables written as YAML or JSON: a mapping of names to values; an empty text has none.
 *
 * @param file names the text in errors
 * @throws XrunError E_EXTRA_VARS where it is not a mapping, and what `loadYaml` throws
 */
export function parseVars(text: string, file: string): Record<string, unknown> {
  const { value, at } = loadYaml(text, file);
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new XrunError('E_EXTRA_VARS', `${file}: expected a mapping of names to values`, {
      at,
      hint: 'Write `name: value` on each line.',
    });
  }
  return value as Record<string, unknown>;
}
