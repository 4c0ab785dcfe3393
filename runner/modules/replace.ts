import * as z from 'zod';
import { text } from './arguments/scalars.ts';
import { PATH_MISSING, decideEdit, editArgs, editResource, hasPath, probeEdit } from './edits/edit.ts';
import { expand, patternProblem, toPattern } from './edits/lines.ts';
import { parseFile } from './files/state.ts';
import type { FileState } from './files/state.ts';
import { defineModule } from './module.ts';

const args = z
  .strictObject({
    ...editArgs,
    regexp: z.string().min(1).describe('What to replace, everywhere in the file; `^` and `$` are the ends of lines.'),
    replace: text.default('').describe('What comes instead; `\\1` and `\\g<name>` stand for what the groups matched. Empty: it is removed.'),
    after: z.string().optional().describe('Only behind the first place that matches this.'),
    before: z.string().optional().describe('Only before the place that matches this: the last one, with `after` the first behind it.'),
  })
  .refine(hasPath, PATH_MISSING)
  .superRefine((args, issues) => {
    for (const name of ['regexp', 'after', 'before'] as const) {
      const problem = patternProblem(args[name]);
      if (problem) issues.addIssue({ code: 'custom', message: problem, path: [name] });
    }
  });

type Args = z.output<typeof args>;

export default defineModule<typeof args, FileState>({
  name: 'replace',
  summary: 'Replace every place in a file that matches a regular expression',
  notes: ['What comes instead should not match again: then each run would change it once more.'],
  examples: `
- name: The new name everywhere
  replace:
    path: /etc/hosts
    regexp: '(\\s)old\\.example\\.org(\\s|$)'
    replace: '\\1new.example.org\\2'
- name: No comments in the first section
  replace:
    path: /etc/app.ini
    regexp: '^#.*\\n'
    after: '\\[first\\]\\n'
    before: '\\n\\['
`,
  args,
  resource: editResource,
  probe: probeEdit,
  parse: parseFile,
  decide: (args, state, context) => decideEdit(args, false, (content) => replaced(content, args), state, context),
});

function replaced(content: string, { regexp, replace, after, before }: Args): string {
  const [start, end] = section(content, after, before);
  const part = content.slice(start, end);
  let text = content.slice(0, start);
  let at = 0;
  for (const match of part.matchAll(toPattern(regexp, 'gm'))) {
    text += part.slice(at, match.index) + expand(replace, match);
    at = match.index + match[0].length;
  }
  return text + part.slice(at) + content.slice(end);
}

/** Where the part begins and ends that may change, by Ansible's rule; nothing may where the file has no such part. */
function section(content: string, after = '', before = ''): [number, number] {
  const pattern = toPattern(`${after}(?<section>.*${after && before ? '?' : ''})${before}`, 'ds');
  return pattern.exec(content)?.indices?.groups?.section ?? [0, 0];
}
