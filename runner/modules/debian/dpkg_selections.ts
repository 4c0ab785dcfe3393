import * as z from 'zod';
import { sh } from '../../model/script.ts';
import { defineModule } from '../../model/module.ts';
import { differing } from '../shared/attribute.ts';
import { byProgram, lacking } from '../shared/program.ts';
import type { Lacking } from '../shared/program.ts';

const args = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9+.:-]*$/, 'expected the name of a package')
    .describe('Name of the package.'),
  selection: z
    .enum(['install', 'hold', 'deinstall', 'purge'])
    .describe('What dpkg notes for it; `hold` keeps it from being changed.'),
});

type Args = z.output<typeof args>;
interface State {
  selection?: string;
}

export default defineModule<typeof args, State | Lacking>({
  name: 'dpkg_selections',
  summary: 'Manage what dpkg notes for a package, such as to hold it',
  examples: `
- dpkg_selections: {name: linux-image-amd64, selection: hold}
`,
  returns: { before: 'The selection before.', after: 'The selection now.' },
  args,
  ...byProgram<Args, State>(
    { command: 'dpkg', from: 'dpkg, which only Debian and its kin have' },
    {
      probe: ({ name }) => sh`o=$(dpkg --get-selections -- ${name} 2>&1) || exit; printf '%s\n' "$o"`,
      parse(stdout, { name }) {
        const line = stdout
          .split('\n')
          .find((one) => one.split(/[\s:]/)[0] === name.split(':')[0] && /\s(install|hold|deinstall|purge)$/.test(one));
        if (line === undefined && !/no packages found/.test(stdout))
          throw new Error(`dpkg did not say what it notes for ${name}`);
        return line === undefined ? {} : { selection: line.split(/\s+/).at(-1) as string };
      },
      decide({ name, selection: wanted }, { selection }, context) {
        const result = { before: selection ?? 'not present', after: wanted };
        const script = sh`echo ${`${name} ${wanted}`} | dpkg --set-selections`;
        if (selection === undefined)
          return lacking(context, `dpkg knows no package ${name}`, 'Install it by a task before.');
        const { diff, steps } = differing([{ what: `selection of ${name}`, found: selection, wanted, script }]);
        return diff.length === 0 ? { kind: 'ok', result } : { kind: 'change', diff, steps, result };
      },
    },
  ),
});
