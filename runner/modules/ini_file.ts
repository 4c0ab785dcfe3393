import * as z from 'zod';
import { flag, text } from './arguments/scalars.ts';
import { PATH_MISSING, decideEdit, editArgs, editResource, hasPath, probeEdit } from './edits/edit.ts';
import { joinLines, splitLines } from './edits/lines.ts';
import { parseFile } from './files/state.ts';
import type { FileState } from './files/state.ts';
import { defineModule } from './module.ts';

const args = z
  .strictObject({
    ...editArgs,
    section: z.string().default('').describe('The section; where not given, the lines before the first one.'),
    option: z.string().min(1).optional().describe('The option; without it the whole section is meant.'),
    value: text.optional().describe('Its value.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether it is there.'),
    no_extra_spaces: flag.default(false).describe('Write `a=b`, not `a = b`.'),
    allow_no_value: flag.default(false).describe('An option may stand alone, without `=`.'),
    create: flag.default(true).describe('Make the file where it is missing.'),
  })
  .refine(hasPath, PATH_MISSING)
  .refine(({ section, option }) => section !== '' || option !== undefined, 'give a section or an option')
  .refine((args) => args.state === 'absent' || args.option === undefined || args.value !== undefined || args.allow_no_value, 'give the value');

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
  parse: parseFile,
  decide: (args, state, context) => decideEdit(args, args.state === 'absent', (text) => edited(text, args), state, context),
});

function edited(text: string, args: Args): string {
  const { lines, ending } = splitLines(text);
  const present = args.state === 'present';
  const section = sectionOf(lines, args.section);
  if (!section && !present) return text;
  // A missing section is made at the end.
  if (!section) lines.push(...(lines.length > 0 ? [''] : []), `[${args.section}]`);
  const { start, end } = section ?? { start: lines.length, end: lines.length };
  if (args.option !== undefined) return withOption(lines, start, end, args) ? joinLines({ lines, ending }) : text;
  if (section && present) return text;
  if (!present) lines.splice(start, end - start);
  return joinLines({ lines, ending });
}

/** The lines of a section, its heading included; undefined where there is none. The part without a section begins the file. */
function sectionOf(lines: string[], section: string): { start: number; end: number } | undefined {
  const heading = (line: string) => /^\s*\[(.*)\]\s*(?:[#;].*)?$/.exec(line)?.[1];
  const start = section === '' ? 0 : lines.findIndex((line) => heading(line) === section);
  if (start < 0) return undefined;
  const next = lines.findIndex((line, i) => (section === '' || i > start) && heading(line) !== undefined);
  return { start, end: next < 0 ? lines.length : next };
}

/** Changes `lines` between two indexes; false where all was right. */
function withOption(lines: string[], start: number, end: number, { option, value, state, no_extra_spaces }: Args): boolean {
  const name = option as string;
  const isOption = (line: string) => {
    const key = /^\s*([^=#;]+?)\s*(?:=|$)/.exec(line)?.[1];
    return key === name;
  };
  const found = lines.flatMap((line, i) => (i >= start && i < end && isOption(line) ? [i] : []));
  if (state === 'absent') {
    for (const i of found.toReversed()) lines.splice(i, 1);
    return found.length > 0;
  }
  const wanted = value === undefined ? name : no_extra_spaces ? `${name}=${value}` : `${name} = ${value}`;
  const [first] = found;
  if (first === undefined) {
    let at = end;
    while (at > start && lines[at - 1]?.trim() === '') at -= 1;
    lines.splice(at, 0, wanted);
    return true;
  }
  const current = /^[^=]*(?:=\s*(.*?)\s*)?$/.exec(lines[first] as string)?.[1];
  if (current === value && found.length === 1) return false;
  // The last of several is what most programs read: one stays.
  for (const i of found.slice(1).toReversed()) lines.splice(i, 1);
  lines[first] = wanted;
  return true;
}
