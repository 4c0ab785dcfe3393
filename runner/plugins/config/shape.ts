import * as z from 'zod';
import { OPTIONS, definitionOf, keyOf } from '../../model/options/command-options.ts';
import type { OptionDefinition, OptionName } from '../../model/options/command-options.ts';

const text = z.string().min(1);

/** What a configuration may say: how the project is built, and a value for every option of the command line. */
const shape: Record<string, z.ZodType> = {
  plugins: texts().describe('packages by name, and files by path'),
  roles: texts().describe('more directories with roles'),
  ...Object.fromEntries(optionNames().map((name) => [keyOf(name), optionValue(definitionOf(name))])),
};

export const CONFIG_KEYS = Object.keys(shape);

/** The option that a key of the configuration is for; undefined where it is for none. */
export function optionOf(key: string): OptionName | undefined {
  return optionNames().find((name) => keyOf(name) === key);
}

/** `privateKey` and `private-key` are `private_key`, too. */
export function canonicalKey(key: string): string {
  return keyOf(key.replaceAll(/(?<=[a-z])[A-Z]/g, (capital) => `_${capital.toLowerCase()}`));
}

/** What the value of a key is expected to be; undefined where `value` is that. */
export function expectedOf(key: string, value: unknown): string | undefined {
  const { error } = shape[key]!.safeParse(value);
  if (!error) return undefined;
  const name = optionOf(key);
  return wordsFor(name === undefined ? { summary: '', many: 'append' } : definitionOf(name));
}

/** JSON Schema (draft 7) of a configuration, for editors. */
export function configSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(z.strictObject(shape).partial(), { io: 'input', target: 'draft-7' });
  return { ...schema, title: 'xrun configuration' };
}

function optionNames(): OptionName[] {
  return Object.keys(OPTIONS) as OptionName[];
}

function optionValue(definition: OptionDefinition): z.ZodType {
  return typeOf(definition).describe(definition.negated ? `false: ${definition.summary}` : definition.summary);
}

function typeOf({ of, choices, many, value }: OptionDefinition): z.ZodType {
  if (of === 'count') return z.int().min(0);
  if (of === 'whole') return z.int().positive();
  if (of === 'number') return z.number().positive();
  if (choices) return z.enum(choices);
  if (of === 'variables') {
    const variables = z.union([text, z.record(z.string(), z.unknown())]);
    return z.union([variables, z.array(variables)]);
  }
  if (many) return texts();
  return value === undefined ? z.boolean() : text;
}

function texts(): z.ZodType {
  return z.union([text, z.array(text)]);
}

function wordsFor({ of, choices, many, value }: OptionDefinition): string {
  if (of === 'count') return 'a whole number, 0 or above';
  if (of === 'whole') return 'a whole number above 0';
  if (of === 'number') return 'a number above 0';
  if (choices) return `one of ${choices.join(', ')}`;
  if (of === 'variables') return 'text, a mapping of variables, or a list of these';
  if (many) return 'text or a list of texts';
  return value === undefined ? 'true or false' : 'text';
}
