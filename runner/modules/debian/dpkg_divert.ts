import * as z from 'zod';
import type { Diff } from '../../model/events.ts';
import { argv, raw, sequence, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { absolutePath, flag } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { Decision } from '../../model/module.ts';
import { runs } from '../shared/attribute.ts';
import { byProgram } from '../shared/program.ts';
import type { Lacking } from '../shared/program.ts';
import { sections } from '../shared/sections.ts';

/** What dpkg calls the administrator, who holds what no package does. */
const LOCAL = 'LOCAL';

const args = z
  .strictObject({
    path: absolutePath.describe('The file that packages are to install elsewhere.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether it is diverted.'),
    holder: z
      .string()
      .regex(/^(LOCAL|[a-z0-9][a-z0-9+.:-]+)$/, 'expected the name of a package, or LOCAL')
      .default(LOCAL)
      .describe('The package whose own file stays where it is; `LOCAL`: none.'),
    divert: absolutePath.optional().describe('Where packages install it instead; where not given, PATH.distrib.'),
    rename: flag.default(false).describe('Also move the file, there and back.'),
    force: flag.default(false).describe('With `rename`: overwrite a file that is in the way.'),
  })
  .refine(({ path, divert }) => path !== divert, 'expected another path than that of the file');

type Args = z.output<typeof args>;

interface State {
  /** Undefined where the file is not diverted. */
  holder?: string;
  /** Where its other version goes. */
  divert?: string;
  /** The paths, of those that matter, at which there is something. */
  taken: string[];
}

export default defineModule<typeof args, State | Lacking>({
  name: 'dpkg_divert',
  summary: "Have dpkg install a package's file elsewhere, so that one's own stays in its place",
  examples: `
- dpkg_divert: {path: /usr/bin/busybox, rename: true}
- dpkg_divert: {path: /etc/foobarrc, divert: /etc/foobarrc.orig, state: absent, rename: true, force: true}
`,
  returns: { commands: 'The commands of dpkg-divert.' },
  args,
  resource: ({ path }) => `diversion:${path}`,
  ...byProgram<Args, State>(
    { command: 'dpkg-divert', from: 'dpkg, which only Debian and its kin have' },
    {
      probe: (args) => sh`echo @@list; o=$(dpkg-divert --list ${args.path}) || exit; printf '%s\\n' "$o"
echo @@holder; o=$(dpkg-divert --listpackage ${args.path}) || exit; printf '%s\\n' "$o"
echo @@divert; o=$(dpkg-divert --truename ${args.path}) || exit; printf '%s\\n' "$o"
echo @@taken; for f in ${[args.path, wantedPath(args)]} "$o"; do if [ -e "$f" ] || [ -h "$f" ]; then printf '%s\\n' "$f"; fi; done`,
      parse,
      decide,
    },
  ),
});

const wantedPath = ({ path, divert }: Args) => divert ?? `${path}.distrib`;

function parse(stdout: string, { path }: Args): State {
  const found = sections(stdout);
  const [holder = '', divert = '', list = ''] = ['holder', 'divert', 'list'].map((title) => found.get(title));
  const taken = (found.get('taken') ?? '').split('\n').filter(Boolean);
  const diverted = holder !== '';
  const line =
    holder === LOCAL ? `local diversion of ${path} to ${divert}` : `diversion of ${path} to ${divert} by ${holder}`;
  if (list !== (diverted ? line : '') || (!diverted && divert !== path))
    throw new Error(`dpkg-divert did not say completely whether ${path} is diverted`);
  return diverted ? { holder, divert, taken } : { taken };
}

function decide(args: Args, state: State): Decision<State> {
  const { path, holder } = args;
  const divert = wantedPath(args);
  const before = state.divert === undefined ? null : shown(state.divert, state.holder as string);
  const after = args.state === 'absent' ? null : shown(divert, holder);
  if (before === after) return { kind: 'ok', result: { commands: [] } };
  const commands: Script[] = [];
  if (before !== null) commands.push(dpkg(args, '--remove', state.divert as string, state.holder as string));
  if (after !== null) commands.push(dpkg(args, '--add', divert, holder));
  // Where the file is back in its place before it goes elsewhere, that place is taken again.
  const [from, to] =
    after === null ? [state.divert as string, path] : [before === null ? path : (state.divert as string), divert];
  const blocked = args.rename && from !== to && state.taken.includes(from) && state.taken.includes(to);
  if (blocked && !args.force)
    return {
      kind: 'fail',
      message: `${from} cannot be moved to ${to}: there is a file`,
      hint: 'Use `force: true` to overwrite it.',
    };
  const diff: Diff[] = [{ what: `diversion of ${path}`, before, after }];
  const scripts = [sequence(NO_RENAME, ...(blocked ? [argv('rm', '-f', '--', to)] : []), ...commands)];
  return {
    kind: 'change',
    diff,
    steps: runs(scripts),
    after: { ...(after !== null && { holder, divert }), taken: state.taken },
    result: { commands: commands.map(({ text }) => text.replace('$k', '--no-rename')) },
  };
}

const shown = (divert: string, holder: string) => `${divert} (${holder})`;

/** Newer versions say that they will rename one day where nothing else is asked; older ones do not know the option. */
const NO_RENAME = raw('k=; case $(dpkg-divert --help) in *--no-rename*) k=--no-rename;; esac');

function dpkg({ path, rename }: Args, action: '--add' | '--remove', divert: string, holder: string): Script {
  const whose = holder === LOCAL ? '--local' : ['--package', holder];
  return argv('dpkg-divert', whose, rename ? '--rename' : raw('$k'), '--divert', divert, action, path);
}
