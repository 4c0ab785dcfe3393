import * as z from 'zod';
import { absolutePath, flag, text } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import { decideEdit, probeEdit } from '../files/edits/edit.ts';
import { fileResource, parseAnyFile } from '../path/file-state.ts';
import type { FileState } from '../path/file-state.ts';
import { TextLines } from '../shared/lines.ts';
import { isRule, lineOf, ruleIn, withArguments } from './pam-rules.ts';
import type { Rule } from './pam-rules.ts';
import { FILE_RETURNS } from '../shared/returns.ts';

const type = z.enum(['account', '-account', 'auth', '-auth', 'password', '-password', 'session', '-session']);
const control = z
  .string()
  .regex(
    /^(required|requisite|sufficient|optional|include|substack|\[[\w=\s-]+\])$/,
    'expected required, requisite, sufficient, optional, include, substack or [value=action ...]',
  );
const modulePath = z.string().regex(/^[^\s#]+$/, 'expected the name or path of a module, such as pam_unix.so');

const args = z
  .strictObject({
    name: z
      .string()
      .regex(/^[^/\0]+$/, 'expected the name of a file of /etc/pam.d')
      .describe('The service: the name of its file.'),
    path: absolutePath.default('/etc/pam.d').describe('The directory of the file.'),
    type: type.describe('Type of the rule that is meant.'),
    control: control.describe('Its control: a word, or `[value=action ...]`.'),
    module_path: modulePath.describe('Its module.'),
    state: z
      .enum(['updated', 'before', 'after', 'args_present', 'args_absent', 'absent'])
      .default('updated')
      .describe(
        '`updated`: it is as the `new_` arguments say; `before`, `after`: the new rule is there beside it; `args_present`, `args_absent`: it has, or lacks, the module’s arguments; `absent`: it is not there.',
      ),
    new_type: type.optional().describe('Type of the new or changed rule.'),
    new_control: control.optional().describe('Control of the new or changed rule.'),
    new_module_path: modulePath.optional().describe('Module of the new or changed rule.'),
    module_arguments: z
      .union(
        [text.transform((one): string[] => one.match(/\[(?:\\.|[^\]\\])*\]|[^\s,]+/g) ?? []), z.array(text)],
        'expected words',
      )
      .optional()
      .describe('Arguments of the module; with `updated` they replace all that the rule has.'),
    backup: flag.default(false).describe('Keep the old content beside the new one.'),
  })
  .refine(
    ({ state, new_type, new_control, new_module_path }) =>
      !['before', 'after'].includes(state) || Boolean(new_type && new_control && new_module_path),
    'before and after need new_type, new_control and new_module_path',
  )
  .refine(
    ({ state, module_arguments }) => !state.startsWith('args_') || module_arguments !== undefined,
    'give module_arguments',
  );

type Args = z.output<typeof args>;

const fileOf = ({ path, name }: Pick<Args, 'path' | 'name'>) => `${path}/${name}`;

export default defineModule<typeof args, FileState>({
  name: 'pamd',
  summary: 'Manage a rule of PAM in the file of a service',
  notes: [
    'Every rule of this type, control and module is meant. Where the file has none, nothing is done, as in Ansible: `change_count` is 0.',
    'A mistake here can lock everybody out: keep a session open, and try another login before you close it.',
  ],
  examples: `
- name: Too many failed logins lock the account for a while
  pamd:
    name: common-auth
    type: auth
    control: '[success=1 default=ignore]'
    module_path: pam_unix.so
    state: before
    new_type: auth
    new_control: required
    new_module_path: pam_faillock.so
    module_arguments: [preauth, silent]
`,
  returns: {
    path: 'The file.',
    change_count: 'How many rules were changed.',
    action: 'What was asked for.',
    ...FILE_RETURNS,
  },
  args,
  synonyms: { new_path: 'new_module_path' },
  resource: (args) => fileResource(fileOf(args)),
  probe: (args) => probeEdit({ path: fileOf(args) }),
  parse: parseAnyFile,
  decide(args, state, context) {
    let count = 0;
    const change = (content: string) => {
      const { text: changed, changes } = edited(content, args);
      count = changes;
      return changed;
    };
    const result = () => ({ change_count: count, action: args.state });
    return decideEdit({ path: fileOf(args), backup: args.backup }, { change, result }, state, context);
  },
});

/** The text with the rules changed, from its end, so that what is added moves no rule that is still to be looked at. */
function edited(content: string, args: Args): { text: string; changes: number } {
  const split = new TextLines(content);
  const meant = { type: args.type, control: args.control, path: args.module_path };
  let changes = 0;
  for (let i = split.lines.length - 1; i >= 0; i--) {
    const rule = ruleIn(split.lines[i] as string);
    if (!rule || !isRule(rule, meant)) continue;
    const done =
      args.state === 'before' || args.state === 'after' ? beside(split, i, args) : onRule(split, i, rule, args);
    if (done) changes++;
  }
  return { text: split.toString(), changes };
}

function onRule(split: TextLines, at: number, rule: Rule, args: Args): boolean {
  if (args.state === 'absent') split.splice(at, 1);
  else {
    const wanted = lineOf(changedRule(rule, args));
    if (wanted === lineOf(rule)) return false;
    split.splice(at, 1, [wanted]);
  }
  return true;
}

function changedRule(rule: Rule, { state, module_arguments: words, ...args }: Args): Rule {
  if (state === 'args_present') return withArguments(rule, words ?? []);
  if (state === 'args_absent') return { ...rule, arguments: rule.arguments.filter((one) => !words?.includes(one)) };
  return {
    type: args.new_type ?? rule.type,
    control: args.new_control ?? rule.control,
    path: args.new_module_path ?? rule.path,
    arguments: words ?? rule.arguments,
  };
}

/** Puts the new rule beside the one at an index, unless the next rule there is that one; its arguments are seen to. */
function beside(split: TextLines, at: number, args: Args): boolean {
  const wanted: Rule = {
    type: args.new_type as string,
    control: args.new_control as string,
    path: args.new_module_path as string,
    arguments: args.module_arguments ?? [],
  };
  const step = args.state === 'before' ? -1 : 1;
  let next = at + step;
  while (split.lines[next] !== undefined && /^\s*(#|$)/.test(split.lines[next] as string)) next += step;
  const neighbour = ruleIn(split.lines[next] ?? '');
  if (neighbour && isRule(neighbour, wanted)) {
    if (lineOf(neighbour) === lineOf(wanted) || args.module_arguments === undefined) return false;
    split.splice(next, 1, [lineOf(wanted)]);
    return true;
  }
  split.splice(args.state === 'before' ? at : at + 1, 0, [lineOf(wanted)]);
  return true;
}
