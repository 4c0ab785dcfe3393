import * as z from 'zod';
import { flag, text } from '../../model/arguments/scalars.ts';
import { PATH_MISSING, decideEdit, editArgs, editResource, hasPath, probeEdit } from './edits/edit.ts';
import { insertionIndex, placeProblem, TextLines } from '../shared/lines.ts';
import { parseAnyFile } from '../path/file-state.ts';
import type { FileState } from '../path/file-state.ts';
import { defineModule } from '../../model/module.ts';
import { expand, replacementProblem } from '../../language/regex/expand.ts';
import { Pattern, patternProblem } from '../../language/regex/pattern.ts';

/** What YAML's `>` and `|` put behind a text of one line is not meant. */
const oneLine = text
  .transform((line) => line.replace(/\r?\n$/, ''))
  .refine((line) => !/[\r\n]/.test(line), 'expected one line, found several: blockinfile takes more than one');

const args = z
  .strictObject({
    ...editArgs,
    line: oneLine.optional().describe('The line, without its end; `value` is another word for it.'),
    value: oneLine.optional().describe('The same as `line`.'),
    regexp: z
      .string()
      .optional()
      .describe(
        'The line to replace (the last that matches) or, with `state: absent`, all lines to remove; `regex` is another word for it.',
      ),
    regex: z.string().optional().describe('The same as `regexp`.'),
    search_string: z.string().optional().describe('As regexp, but a text that the line holds.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether the line is there.'),
    backrefs: flag
      .default(false)
      .describe(
        '`\\1` in the line is replaced by what the first group matched; where nothing matches, nothing changes.',
      ),
    insertafter: z
      .string()
      .optional()
      .describe('Where nothing matches: the line goes after the last line that matches this, or EOF.'),
    insertbefore: z
      .string()
      .optional()
      .describe('Where nothing matches: the line goes before the last line that matches this, or BOF.'),
    firstmatch: flag.default(false).describe('Take the first line that matches, not the last.'),
    create: flag.default(false).describe('Make the file where it is missing.'),
  })
  .refine(hasPath, PATH_MISSING)
  .superRefine((args, issues) => {
    const wrong = (message: string, path?: string) =>
      issues.addIssue({ code: 'custom', message, ...(path && { path: [path] }) });
    if (args.state === 'present' && lineOf(args) === undefined) wrong('give the line');
    if (
      args.state === 'absent' &&
      lineOf(args) === undefined &&
      searchOf(args) === undefined &&
      args.search_string === undefined
    )
      wrong('give line, regexp or search_string');
    if (args.backrefs && searchOf(args) === undefined) wrong('backrefs needs regexp');
    if (args.insertafter !== undefined && args.insertbefore !== undefined)
      wrong('give either insertafter or insertbefore');
    for (const name of ['regexp', 'regex'] as const) {
      const problem = args[name] === undefined ? undefined : patternProblem(args[name]);
      if (problem) wrong(problem, name);
      else if (args.backrefs && args[name] !== undefined) checkLine(lineOf(args), args[name], wrong);
    }
    for (const name of ['insertafter', 'insertbefore'] as const) {
      const problem = placeProblem(args[name]);
      if (problem) wrong(problem, name);
    }
  });

type Args = z.output<typeof args>;

export default defineModule<typeof args, FileState>({
  name: 'lineinfile',
  summary: 'See to one line of a file',
  examples: `
- lineinfile:
    path: /etc/ssh/sshd_config
    regexp: '^#?PasswordAuthentication'
    line: PasswordAuthentication no
    validate: sshd -t -f %s
- lineinfile:
    path: /etc/hosts
    line: "{{address}} {{name}}"
`,
  args,
  resource: editResource,
  probe: probeEdit,
  parse: parseAnyFile,
  decide(args, state, context) {
    const absent = args.state === 'absent';
    const change = absent ? without(args) : withLine(args);
    let [before, after] = [[''], ['']];
    const noted = (text: string) => {
      const changed = change(text);
      [before, after] = [new TextLines(text).lines, new TextLines(changed).lines];
      return changed;
    };
    const result = () => {
      const less = before.length - after.length;
      if (absent) return { found: less, msg: less > 0 ? `${less} line(s) removed` : '' };
      return { msg: less < 0 ? 'line added' : after.some((line, i) => line !== before[i]) ? 'line replaced' : '' };
    };
    return decideEdit(args, { removes: absent, change: noted, result }, state, context);
  },
});

function checkLine(line: string | undefined, search: string, wrong: (message: string, path: string) => void): void {
  const problem = line === undefined ? undefined : replacementProblem(line, new Pattern(search));
  if (problem) wrong(problem, 'line');
}

function lineOf({ line, value }: Pick<Args, 'line' | 'value'>): string | undefined {
  return line ?? value;
}

function searchOf({ regexp, regex }: Pick<Args, 'regexp' | 'regex'>): string | undefined {
  return regexp ?? regex;
}

/** Which lines are meant. */
function matcher(args: Args): (line: string) => boolean {
  const search = searchOf(args);
  if (search !== undefined) {
    const pattern = new Pattern(search);
    return (line) => pattern.test(line);
  }
  const { search_string } = args;
  return search_string === undefined ? (line) => line === lineOf(args) : (line) => line.includes(search_string);
}

function without(args: Args): (text: string) => string {
  const meant = matcher(args);
  return (text) => {
    const split = new TextLines(text);
    split.drop(meant);
    return split.toString();
  };
}

function withLine(args: Args): (text: string) => string {
  const meant = matcher(args);
  const line = lineOf(args) as string;
  return (text) => {
    const split = new TextLines(text);
    const { lines } = split;
    const found = args.firstmatch ? lines.findIndex(meant) : lines.findLastIndex(meant);
    if (found >= 0) {
      const wanted = args.backrefs
        ? expanded(line, new Pattern(searchOf(args) as string), lines[found] as string)
        : line;
      if (lines[found] === wanted) return text;
      split.splice(found, 1, [wanted]);
    } else {
      if (args.backrefs || lines.includes(line)) return text;
      split.splice(insertionIndex(lines, args), 0, [line]);
    }
    return split.toString();
  };
}

function expanded(line: string, pattern: Pattern, found: string): string {
  const match = pattern.first(found);
  return match ? expand(line, pattern, match) : line;
}
