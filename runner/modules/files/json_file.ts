import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { lineOfDuplicateKey } from '../../language/yaml/duplicate-key.ts';
import { flag, whole } from '../../model/arguments/scalars.ts';
import { PATH_MISSING, decideEdit, editArgs, editResource, hasPath, pathOf, probeEdit } from './edits/edit.ts';
import { keepNumbers } from './edits/json-numbers.ts';
import { parseAnyFile } from '../path/file-state.ts';
import type { FileState } from '../path/file-state.ts';
import { defineModule } from '../../model/module.ts';

const args = z
  .strictObject({
    ...editArgs,
    key: z
      .union([z.string().min(1), z.array(z.union([z.string(), z.int()])).min(1)])
      .optional()
      .describe('The thing meant: names with dots between them, or a list of names and indexes.'),
    value: z.unknown().optional().describe('What it is to be: any value.'),
    merge: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Several at once: objects are merged into those that are there, null removes, anything else replaces.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether the key is there.'),
    indent: whole.optional().describe('Blanks a level; where not given, as the file has it, or 2.'),
    create: flag.default(true).describe('Make the file where it is missing.'),
  })
  .refine(hasPath, PATH_MISSING)
  .refine(({ key, merge }) => (key === undefined) !== (merge === undefined), 'give either key or merge')
  .refine(
    ({ key, value, state }) => key === undefined || (state === 'absent') === (value === undefined),
    'give the value, or state: absent',
  )
  .refine(
    ({ merge, state }) => merge === undefined || state === 'present',
    'merge removes what is null in it; state: absent is for key',
  );

type Args = z.output<typeof args>;

/** A file that is there and holds something else. */
class NotJson extends Error {}

export default defineModule<typeof args, FileState>({
  name: 'json_file',
  summary: 'See to values in a JSON file',
  notes: ['A file that says the same already is left as it is, whatever its layout.'],
  examples: `
- json_file:
    path: /etc/docker/daemon.json
    merge:
      log-driver: local
      log-opts: {max-size: 10m}
- json_file: {path: /etc/app.json, key: server.port, value: 8080}
`,
  args,
  resource: editResource,
  probe: probeEdit,
  parse: parseAnyFile,
  decide(args, state, context) {
    try {
      return decideEdit(
        args,
        { removes: args.state === 'absent', change: (text) => edited(text, args) },
        state,
        context,
      );
    } catch (error) {
      if (!(error instanceof NotJson)) throw error;
      return {
        kind: 'fail',
        message: `${pathOf(args)}: ${error.message}`,
        hint: 'Correct the file by hand, or replace it whole by copy.',
      };
    }
  },
});

function edited(text: string, args: Args): string {
  return text.startsWith('\uFEFF') ? `\uFEFF${changed(text.slice(1), args)}` : changed(text, args);
}

function changed(text: string, args: Args): string {
  const current = read(text);
  if (text.trim() !== '' && isDeepStrictEqual(current, wanted(current, args))) return text;
  // Writing the file would lose one of the two.
  const duplicate = lineOfDuplicateKey(text);
  if (duplicate !== undefined) throw new NotJson(`duplicate key in line ${duplicate}`);
  const blanks = args.indent ?? /^[[{]\r?\n( +|\t+)/.exec(text)?.[1] ?? 2;
  const numbers = keepNumbers(text, JSON.stringify([args.value, args.merge]));
  return `${numbers.restore(JSON.stringify(wanted(read(numbers.text), args), null, blanks))}\n`;
}

function wanted(current: unknown, { key, value, merge, state }: Args): unknown {
  return merge
    ? merged(current, merge)
    : placed(
        current,
        typeof key === 'string' ? key.split('.') : (key as (string | number)[]),
        state === 'absent' ? undefined : value,
      );
}

function read(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new NotJson(`this is not valid JSON: ${(error as Error).message}`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** RFC 7396, JSON Merge Patch. */
function merged(current: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result = isObject(current) ? { ...current } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = merged(result[name], value);
  }
  return result;
}

/** A copy with `value` at the end of the path; undefined removes what is there. */
function placed(current: unknown, [name, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (name === undefined) return value;
  const child = (container: unknown) =>
    isObject(container) || Array.isArray(container) ? (container as Record<string, unknown>)[String(name)] : undefined;
  if (value === undefined && child(current) === undefined) return current;
  const next = placed(child(current), rest, value);
  if (Array.isArray(current)) {
    if (!/^\d+$/.test(String(name))) throw new NotJson(`a list has no '${name}'`);
    return next === undefined
      ? current.toSpliced(Number(name), 1)
      : Object.assign([...current], { [Number(name)]: next });
  }
  if (current !== undefined && !isObject(current))
    throw new NotJson(`'${name}' is looked for in ${JSON.stringify(current)}, which is not an object`);
  const result: Record<string, unknown> = { ...current, [String(name)]: next };
  if (next === undefined) delete result[String(name)];
  return result;
}
