import * as z from 'zod';
import { flag, text, whole } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import { patternProblem } from '../../language/regex/pattern.ts';

const count = whole.refine((value) => value >= 0, 'expected a whole number, 0 or more');
const pattern = z.string().superRefine((value, issues) => {
  const problem = patternProblem(value);
  if (problem) issues.addIssue({ code: 'custom', message: problem });
});
const names = z.union([z.string(), z.array(text)], 'expected a text or a list of texts');

const args = z.strictObject({
  file: z
    .string()
    .optional()
    .describe('A YAML or JSON file of variables, looked for in the role and beside the playbook.'),
  dir: z
    .string()
    .optional()
    .describe('A directory: all its files and those of the directories in it, in the order of their names.'),
  depth: count.optional().describe('With `dir`: so many levels of directories; 0 for all of them.'),
  files_matching: pattern.optional().describe('With `dir`: only files whose name matches this regular expression.'),
  ignore_files: names.optional().describe('With `dir`: no files whose name ends in one of these regular expressions.'),
  extensions: names
    .optional()
    .describe('With `dir`: extensions that files must have; yaml, yml and json where not given.'),
  ignore_unknown_extensions: flag
    .optional()
    .describe('With `dir`: leave files with other extensions out. Otherwise one is an error.'),
  name: z.string().optional().describe('Put the variables under this one name.'),
});

export default defineModule({
  name: 'include_vars',
  summary: 'Read variables from a file of the controller while the play runs',
  traits: { changesVariables: 'files', effects: 'none' },
  notes: ['The engine carries it out; nothing happens on the host.'],
  examples: `
- name: Read what differs by system
  include_vars: "{{facts.os.family}}.yml"
`,
  args,
  freeForm: 'file',
  decide: () => ({ kind: 'ok' }),
});
