import * as z from 'zod';
import { flag, text } from '../../model/arguments/scalars.ts';
import { PATH_MISSING, decideEdit, editArgs, editResource, hasPath, probeEdit } from './edits/edit.ts';
import { TextLines } from '../shared/lines.ts';
import { parseAnyFile } from '../path/file-state.ts';
import type { FileState } from '../path/file-state.ts';
import { defineModule } from '../../model/module.ts';

const ONE_LINE = 'expected one line';
const isOneLine = (value: string) => !/[\r\n]/.test(value);

const args = z
  .strictObject({
    ...editArgs,
    section: z
      .string()
      .refine(isOneLine, ONE_LINE)
      .default('')
      .describe('The section; where not given, the lines before the first one.'),
    option: z
      .string()
      .min(1)
      .refine(isOneLine, ONE_LINE)
      .optional()
      .describe('The option; without it the whole section is meant.'),
    value: text.refine(isOneLine, ONE_LINE).optional().describe('Its value.'),
    values: z
      .union([text.transform((one) => [one]), z.array(text)])
      .refine((all) => all.every(isOneLine), ONE_LINE)
      .optional()
      .describe('Its values, where the option occurs several times, a line each.'),
    exclusive: flag.default(true).describe('With `values`: no other values than these; otherwise the others stay.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether it is there.'),
    no_extra_spaces: flag.default(false).describe('Write `a=b`, not `a = b`.'),
    allow_no_value: flag.default(false).describe('An option may stand alone, without `=`.'),
    create: flag.default(true).describe('Make the file where it is missing.'),
  })
  .refine(hasPath, PATH_MISSING)
  .refine(({ section, option }) => section !== '' || option !== undefined, 'give a section or an option')
  .refine(
    (args) =>
      args.state === 'absent' ||
      args.option === undefined ||
      args.value !== undefined ||
      args.values !== undefined ||
      args.allow_no_value,
    'give the value',
  )
  .refine(({ value, values }) => value === undefined || values === undefined, 'give either value or values');

type Args = z.output<typeof args>;

export default defineModule<typeof args, FileState>({
  name: 'ini_file',
  summary: 'See to an option or a section of an INI file',
  notes: ['Comments and the order of everything else stay.'],
  examples: `
- ini_file:
    path: /etc/app.ini
    section: server
    option: port
    value: 8080
`,
  args,
  resource: editResource,
  probe: probeEdit,
  parse: parseAnyFile,
  decide: (args, state, context) =>
    decideEdit(args, { removes: args.state === 'absent', change: (text) => edited(text, args) }, state, context),
});

function edited(text: string, args: Args): string {
  const split = new TextLines(text);
  const { lines } = split;
  const present = args.state === 'present';
  const section = sectionOf(lines, args.section);
  if (!section && !present) return text;
  // A missing section is made at the end.
  if (!section) split.splice(lines.length, 0, [...(lines.length > 0 ? [''] : []), `[${args.section}]`]);
  const { start, end } = section ?? { start: lines.length, end: lines.length };
  if (args.option !== undefined) setOption(split, start, end, args);
  else if (!present) split.splice(start, end - start);
  return split.toString();
}

/** The lines of a section, its heading included; undefined where there is none. The part without a section begins the file. */
function sectionOf(lines: readonly string[], section: string): { start: number; end: number } | undefined {
  const heading = (line: string) => /^\s*\[(.*)\]\s*(?:[#;].*)?$/.exec(line)?.[1];
  const start = section === '' ? 0 : lines.findIndex((line) => heading(line) === section);
  if (start < 0) return undefined;
  const next = lines.findIndex((line, i) => (section === '' || i > start) && heading(line) !== undefined);
  return { start, end: next < 0 ? lines.length : next };
}

/** What is before `=`, or the whole line; undefined for a comment. */
function nameIn(line: string): string | undefined {
  const end = line.search(/[=#;]/);
  return end < 0 || line[end] === '=' ? line.slice(0, end < 0 ? undefined : end).trim() || undefined : undefined;
}

function valueIn(line: string): string | undefined {
  const at = line.indexOf('=');
  return at < 0 ? undefined : line.slice(at + 1).trim();
}

/** Changes lines between two indexes, where they are not as wanted. */
function setOption(split: TextLines, start: number, end: number, args: Args): void {
  const { lines } = split;
  const name = args.option as string;
  const found = lines.flatMap((line, i) => (i >= start && i < end && nameIn(line) === name ? [i] : []));
  const valueOf = (i: number) => valueIn(lines[i] as string);
  const named = args.values ?? [args.value];
  const some = args.values !== undefined && !args.exclusive;
  if (args.state === 'absent') {
    const gone = new Set(found.filter((i) => !some || named.includes(valueOf(i))));
    return split.drop((_, i) => gone.has(i));
  }
  // What is right stays where it is; of the others the first that is wanted is rewritten, since the last of several is what most programs read.
  const missing = [...named];
  const others = found.filter((i) => {
    const at = missing.indexOf(valueOf(i));
    if (at >= 0) missing.splice(at, 1);
    return at < 0;
  });
  const free = some ? [] : others;
  const lineOf = (value: string | undefined) =>
    value === undefined ? name : args.no_extra_spaces ? `${name}=${value}` : `${name} = ${value}`;
  for (const i of free.splice(0, missing.length)) split.splice(i, 1, [lineOf(missing.shift())]);
  let at = (found.at(-1) ?? end - 1) + 1;
  while (found.length === 0 && at > start && lines[at - 1]?.trim() === '') at -= 1;
  // Where one is missing none is left over, so that `at` is right in any case.
  if (missing.length > 0) split.splice(at, 0, missing.map(lineOf));
  const gone = new Set(free);
  split.drop((_, i) => gone.has(i));
}
