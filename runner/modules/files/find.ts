import * as z from 'zod';
import { flag, path, text, whole, words } from '../../model/arguments/scalars.ts';
import { ereProblem } from '../../language/regex/ere.ts';
import { patternProblem } from '../../language/regex/pattern.ts';
import { matches, sizeOf, spanOf } from './tree/found.ts';
import type { Found } from './tree/found.ts';
import { findScript, parseFound } from './tree/find-script.ts';
import type { FoundState } from './tree/find-script.ts';
import { defineModule } from '../../model/module.ts';

const onePath = path.refine((one) => !one.includes(','));
const list = z.union(
  [onePath.transform((one) => [one]), z.array(path).min(1)],
  'expected a path without a comma, or a list of paths',
);

const args = z
  .strictObject({
    paths: list.optional().describe('Directories to look in; `path` is another word for it.'),
    path: list.optional().describe('The same as `paths`.'),
    patterns: words
      .default([])
      .describe('Shell patterns for names, or with `use_regex` regular expressions; one that fits is enough.'),
    pattern: words.optional().describe('The same as `patterns`.'),
    excludes: words.default([]).describe('The same for names to leave out; `exclude` is another word for it.'),
    exclude: words.optional().describe('The same as `excludes`.'),
    mode: z
      .string()
      .regex(/^0?[0-7]{3,4}$/, "expected an octal mode, as '0644'")
      .transform((value) => Number.parseInt(value, 8))
      .optional()
      .describe('Only what has this mode; with `exact_mode: false` what has at least these rights.'),
    exact_mode: flag.default(true).describe('`mode` is the whole mode, not the least of it.'),
    use_regex: flag.default(false).describe('Patterns are regular expressions, as Python’s `re.match` takes them.'),
    contains: text
      .optional()
      .describe('A regular expression, as Python has them, that a line of the file has to begin with.'),
    file_type: z.enum(['any', 'directory', 'file', 'link']).default('file').describe('What to look for.'),
    recurse: flag.default(false).describe('Look in directories below as well.'),
    depth: whole.optional().describe('How many levels deep, with `recurse`.'),
    hidden: flag.default(false).describe('Also names that begin with a dot.'),
    follow: flag.default(false).describe('Look at what links point to.'),
    age: text
      .refine((value) => spanOf(value) !== undefined, 'expected a time like 30m, 2d or -1w')
      .optional()
      .describe('At least this old, or with a minus at most: seconds, or with s, m, h, d or w.'),
    age_stamp: z.enum(['atime', 'ctime', 'mtime']).default('mtime').describe('The time that age is counted from.'),
    size: text
      .refine((value) => sizeOf(value) !== undefined, 'expected a size like 10m or -1k')
      .optional()
      .describe('At least this big, or with a minus at most: bytes, or with b, k, m, g or t.'),
    get_checksum: flag.default(false).describe('Read files for their SHA-256 checksums.'),
    limit: whole.optional().describe('No more than this many.'),
  })
  .refine(({ paths, path }) => (paths === undefined) !== (path === undefined), 'give the paths to look in')
  .refine(
    ({ patterns, pattern, excludes, exclude }) =>
      !((patterns.length > 0 && pattern) || (excludes.length > 0 && exclude)),
    'give either word for the patterns',
  )
  .transform(({ pattern, exclude, ...args }) => ({
    ...args,
    patterns: pattern ?? args.patterns,
    excludes: exclude ?? args.excludes,
  }))
  .superRefine(({ use_regex, patterns, excludes, contains }, issues) => {
    const search = contains === undefined ? undefined : ereProblem(contains);
    if (search) issues.addIssue({ code: 'custom', path: ['contains'], message: search });
    const problem = use_regex ? [...patterns, ...excludes].map((one) => patternProblem(one)).find(Boolean) : undefined;
    if (problem) issues.addIssue({ code: 'custom', path: ['patterns'], message: problem });
  });

export default defineModule<typeof args, FoundState>({
  name: 'find',
  summary: 'List files by name, age, size and kind',
  notes: [
    'It only reads. `files` of the result is a list of what `stat` reports of each; `matched` is their number. A path that is not a directory is named in `skipped_paths`.',
  ],
  examples: `
- find:
    paths: /var/log
    patterns: '*.gz'
    age: 4w
    recurse: true
  register: old
- file:
    path: "{{item.path}}"
    state: absent
  loop: "{{old.files}}"
`,
  returns: {
    files: 'What was found, each as `stat` describes it.',
    matched: 'How many that are.',
    examined: 'How many were looked at.',
    skipped_paths: 'Paths that could not be searched, each with why.',
  },
  args,
  probe: (args) =>
    findScript({
      ...args,
      roots: args.paths ?? args.path ?? [],
      names: args.use_regex ? [] : args.patterns,
      not: args.use_regex ? [] : args.excludes,
    }),
  parse: (probe) => parseFound(probe),
  decide(args, { found, skipped, now }) {
    const files: Found[] = found.filter((one) => matches(one, args, now)).slice(0, args.limit);
    const msg = Object.keys(skipped).length === 0 ? 'All paths examined' : 'Not all paths examined, see skipped_paths';
    return {
      kind: 'ok',
      result: { files, matched: files.length, examined: found.length, skipped_paths: skipped, msg },
    };
  },
});
