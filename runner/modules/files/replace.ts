import * as z from 'zod';
import { text } from '../../model/arguments/scalars.ts';
import { PATH_MISSING, decideEdit, editArgs, editResource, hasPath, probeEdit } from './edits/edit.ts';
import { expand, replacementProblem } from '../../language/regex/expand.ts';
import { Pattern, patternProblem } from '../../language/regex/pattern.ts';
import { parseAnyFile } from '../path/file-state.ts';
import type { FileState } from '../path/file-state.ts';
import { defineModule } from '../../model/module.ts';

/** As Ansible has them: lines for what is replaced, the whole text for the part. */
const FLAGS = { regexp: { m: true }, after: { s: true }, before: { s: true } };

const args = z
  .strictObject({
    ...editArgs,
    regexp: z.string().min(1).describe('What to replace, everywhere in the file; `^` and `$` are the ends of lines.'),
    replace: text
      .default('')
      .describe('What comes instead; `\\1` and `\\g<name>` stand for what the groups matched. Empty: it is removed.'),
    after: z.string().optional().describe('Only behind the first place that matches this.'),
    before: z
      .string()
      .optional()
      .describe('Only before the place that matches this: the last one, with `after` the first behind it.'),
  })
  .refine(hasPath, PATH_MISSING)
  .superRefine((args, issues) => {
    for (const name of ['regexp', 'after', 'before'] as const) {
      const problem = args[name] === undefined ? undefined : patternProblem(args[name], FLAGS[name]);
      if (problem) issues.addIssue({ code: 'custom', message: problem, path: [name] });
    }
    if (issues.issues.length > 0) return;
    if (patternProblem(sectionPattern(args), FLAGS.after))
      issues.addIssue({
        code: 'custom',
        message: 'after and before cannot be used together as they are',
        path: ['after'],
      });
    const problem = replacementProblem(args.replace, new Pattern(args.regexp, FLAGS.regexp));
    if (problem) issues.addIssue({ code: 'custom', message: problem, path: ['replace'] });
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
  parse: parseAnyFile,
  decide(args, state, context) {
    let count = 0;
    const change = (content: string) => {
      const [text, made] = replaced(content, args);
      count = text === content ? 0 : made;
      return text;
    };
    return decideEdit(
      args,
      { change, result: () => ({ msg: count === 0 ? '' : `${count} replacements made` }) },
      state,
      context,
    );
  },
});

/** The text, and how many places were replaced. */
function replaced(content: string, { regexp, replace, ...rest }: Args): [text: string, made: number] {
  const [start, end] = section(content, rest);
  const part = content.slice(start, end);
  let text = content.slice(0, start);
  let at = 0;
  const pattern = new Pattern(regexp, FLAGS.regexp);
  const matches = pattern.all(part);
  for (const match of matches) {
    text += part.slice(at, match.start) + expand(replace, pattern, match);
    at = match.end;
  }
  return [text + part.slice(at) + content.slice(end), matches.length];
}

/** Where the part begins and ends that may change, by Ansible's rule; nothing may where the file has no such part. */
function section(content: string, args: Pick<Args, 'after' | 'before'>): [number, number] {
  const pattern = new Pattern(sectionPattern(args), FLAGS.after);
  return pattern.first(content)?.spans[pattern.names.get('section') as number] ?? [0, 0];
}

function sectionPattern({ after = '', before = '' }: Pick<Args, 'after' | 'before'>): string {
  return `${after}(?P<section>.*${after && before ? '?' : ''})${before}`;
}
