import { search } from '@jmespath-community/jmespath';
import type { JSONValue } from '@jmespath-community/jmespath';
import { loadYaml } from '../../../yaml/load.ts';
import { pythonJson } from '../../../values/python-json.ts';
import { pythonText } from '../../../values/python-text.ts';
import { pythonYaml } from '../../../yaml/python-yaml.ts';
import { BadArgument } from '../helper.ts';
import type { HelperGroup } from '../helper.ts';
import { helper } from '../table.ts';
import { text } from '../take.ts';

const site = { site: { b: [1, 2], a: true } };
const jsonNames = {
  indent: 'spaces of each level',
  sortKeys: 'true: sorted by key',
  ensureAscii: 'false: signs beyond ASCII stay',
};
const yamlNames = {
  indent: 'columns of each level',
  width: 'where long text is folded',
  sortKeys: 'false: not sorted by key',
  defaultFlowStyle: 'false: no list or mapping on one line',
};

/** Values as text, byte for byte as Ansible writes them, and back. */
export const formats: HelperGroup = {
  title: 'As Ansible writes values',
  helpers: [
    helper(
      'pyText value',
      'As text in the words of Python; null is nothing.',
      ['{{pyText site}}', "{'b': [1, 2], 'a': True}", site],
      ([value]) => pythonText(value),
    ),
    helper(
      'endLine text',
      'With a line break at its end where it has none; empty text and null stay empty.',
      ['{{endLine text}}', 'a\n', { text: 'a' }],
      ([value]) => pythonText(value).replace(/[^\n]$/, '$&\n'),
    ),
    helper(
      'toJson value',
      "Ansible's to_json.",
      ['{{toJson site}}', '{"b": [1, 2], "a": true}', site],
      ([value], { named }) => pythonJson(value, jsonStyle(named)),
      { named: jsonNames },
    ),
    helper(
      'toNiceJson value',
      "Ansible's to_nice_json: on lines of their own, sorted by key.",
      ['{{toNiceJson site}}', '{\n    "a": true,\n    "b": [\n        1,\n        2\n    ]\n}', site],
      ([value], { named }) => pythonJson(value, { indent: 4, sortKeys: true, ...jsonStyle(named) }),
      { named: jsonNames },
    ),
    helper(
      'toYaml value',
      "Ansible's to_yaml, with its line break at the end.",
      ['{{toYaml site}}', 'a: true\nb: [1, 2]\n', site],
      ([value], { named }) => pythonYaml(value, yamlStyle(named, 2, named.defaultFlowStyle !== false)),
      { named: yamlNames },
    ),
    helper(
      'toNiceYaml value',
      "Ansible's to_nice_yaml: sorted by key, with its line break at the end.",
      ['{{toNiceYaml site}}', 'a: true\nb:\n- 1\n- 2\n', site],
      ([value], { named }) => pythonYaml(value, yamlStyle(named, 4, false)),
      { named: yamlNames },
    ),
    helper('fromYaml text', 'The value that a YAML text says.', ['{{fromYaml "a: [1]"}}', { a: [1] }], (args) =>
      typeof args[0] === 'string' ? parseYaml(args[0]) : args[0],
    ),
    helper(
      'fromYamlAll text',
      'The values of all documents of a YAML text.',
      ['{{fromYamlAll "a: 1"}}', [{ a: 1 }]],
      (args) =>
        text(args)
          .split(/^---(?:\s.*)?$/m)
          .filter((one) => one.trim() !== '')
          .map(parseYaml),
    ),
    helper('typeDebug value', "Python's name of its kind.", ['{{typeDebug site}}', 'dict', site], ([value]) =>
      pythonType(value),
    ),
    helper(
      'jsonQuery value expression',
      'What a JMESPath expression finds in it.',
      ['{{jsonQuery site "b[0]"}}', 1, site],
      (args) => query(args[0], text(args, 1)),
    ),
  ],
};

function jsonStyle({ indent, sortKeys, ensureAscii, separators }: Record<string, unknown>) {
  return {
    ...(typeof indent === 'number' && { indent }),
    ...(sortKeys !== undefined && { sortKeys: sortKeys === true }),
    ...(ensureAscii === false && { ascii: false }),
    ...(Array.isArray(separators) && { separators: [String(separators[0]), String(separators[1])] as const }),
  };
}

function yamlStyle({ indent, width, sortKeys }: Record<string, unknown>, usual: number, flowLeaves: boolean) {
  return { indent: Number(indent ?? usual), width: Number(width ?? 80), sortKeys: sortKeys !== false, flowLeaves };
}

function parseYaml(source: string): unknown {
  try {
    return loadYaml(source, 'text').value;
  } catch (error) {
    throw new BadArgument(`finds no YAML: ${(error as Error).message}`);
  }
}

function pythonType(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (typeof value === 'string') return 'str';
  return typeof value === 'boolean' ? 'bool' : Array.isArray(value) ? 'list' : 'dict';
}

function query(value: unknown, expression: string): unknown {
  try {
    // `name`, without quotes inside of the backticks, is what Ansible's users write.
    return search(value as JSONValue, expression, { enable_legacy_literals: true });
  } catch (error) {
    throw new BadArgument(`cannot use the expression '${expression}': ${(error as Error).message}`, 1);
  }
}
