import * as z from 'zod';
import { raw, sh } from '../../model/script.ts';
import { path, text } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';

const part = text.refine((value) => !value.includes('/'), 'expected a part of a name, without a slash');

const args = z.strictObject({
  state: z.enum(['file', 'directory']).default('file').describe('What to make.'),
  path: path.optional().describe('The directory to make it in; where not given, that of TMPDIR, or /tmp.'),
  prefix: part.default('ansible.').describe('What its name begins with.'),
  suffix: part.default('').describe('What its name ends with.'),
});

export default defineModule<typeof args, undefined>({
  name: 'tempfile',
  summary: 'Make a temporary file or directory of a new name',
  notes: ['The result has its `path`. Nothing removes it: do so by a task at the end, in `always`.'],
  examples: `
- tempfile: {state: directory, suffix: build}
  register: work
- file: {path: '{{work.path}}', state: absent}
`,
  returns: { path: 'The path that was made.', state: '`file` or `directory`.' },
  args,
  decide({ state, path: directory, prefix, suffix }) {
    const kind = state === 'directory' && '-d';
    // What mktemp says counts where it is there: of a name that was cut off the result would be wrong.
    const named = raw('[ -e "$p" ] || { echo "mktemp printed a name that is not there: $p" >&2; exit 1; }');
    // Not every mktemp has --suffix: the letters are followed by it where there is one.
    const script = sh`d=${directory ?? ''}; d=\${d:-\${TMPDIR:-/tmp}}; umask 077
if [ -z ${suffix} ]; then p=$(mktemp ${kind} "$d/"${prefix}XXXXXXXX) || exit; ${named}; printf '%s\n' "$p"; exit; fi
n=0; until p=$(mktemp -u "$d/"${prefix}XXXXXXXX) && p=$p${suffix} && { ${state === 'directory' ? sh`mkdir "$p"` : sh`(set -C; : >"$p")`}; } 2>/dev/null; do n=$((n+1)); [ $n -lt 10 ] || { echo "nothing can be made in $d" >&2; exit 1; }; done; printf '%s\n' "$p"`;
    return {
      kind: 'change',
      diff: [{ what: `temporary ${state}`, before: null, after: `${prefix}...${suffix}` }],
      steps: [{ do: 'run', script }],
      result: { state },
    };
  },
  result: (_args, steps) => ({ path: steps.at(-1)?.stdout.replace(/\n$/, '') }),
});
