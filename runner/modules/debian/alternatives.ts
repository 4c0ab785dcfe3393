import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { argv, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { absolutePath, text, whole } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { Diff } from '../../model/events.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { runs } from '../shared/attribute.ts';
import { byProgram, lacking, linesOf } from '../shared/program.ts';
import type { Lacking } from '../shared/program.ts';
import { sections } from '../shared/sections.ts';

/** Where Debian's program keeps its groups. Red Hat's keeps them elsewhere, in another form. */
const KEPT = '/var/lib/dpkg/alternatives';

const args = z
  .strictObject({
    name: z
      .string()
      .regex(/^[^\s/-][^\s/]*$/, 'expected the name of a group of alternatives')
      .describe('Name of the group, such as `editor`.'),
    path: absolutePath.optional().describe('The alternative: a program, by its path.'),
    link: absolutePath
      .optional()
      .describe('The link that leads to it, such as /usr/bin/editor; needed where the group is new.'),
    priority: whole.optional().describe('Its priority; 50 where a new one does not say.'),
    family: text.optional().describe('Name of a family of which the best is taken (Red Hat).'),
    state: z
      .enum(['present', 'selected', 'auto', 'absent'])
      .default('selected')
      .describe(
        '`selected`: it is there and chosen; `present`: it is there; `auto`: the group chooses by priority; `absent`: it is not there.',
      ),
    subcommands: z
      .array(
        z.strictObject({
          name: text.describe('Name of the link in the group.'),
          path: absolutePath.describe('What it leads to.'),
          link: absolutePath.describe('Where the link is.'),
        }),
      )
      .default([])
      .describe('Links that go with it: `{name, path, link}` each.'),
  })
  .refine(({ state, path }) => state === 'auto' || path !== undefined, 'give the path')
  .refine(({ state, family }) => state !== 'auto' || family === undefined, 'family is for one alternative');

type Args = z.output<typeof args>;

interface State {
  auto?: boolean;
  current?: string;
  link?: string;
  /** Priorities and links that go with it, by path. */
  choices: Record<string, { priority: number; slaves: Record<string, string> }>;
}

export default defineModule<typeof args, State | Lacking>({
  name: 'alternatives',
  summary: 'Manage alternative programs of one name',
  notes: ['Links that go with an alternative are compared where the task names some.'],
  examples: `
- alternatives: {name: editor, path: /usr/bin/vim.basic}
- alternatives: {name: java, path: /opt/jdk/bin/java, link: /usr/bin/java, priority: 100}
`,
  args,
  resource: ({ name }) => `alternatives:${name}`,
  ...byProgram<Args, State>(
    { command: 'update-alternatives', from: 'dpkg (Debian) or chkconfig (Red Hat)' },
    {
      probe: ({
        name,
      }) => sh`o=$(update-alternatives --display ${name} 2>&1) || case $o in *'no alternatives for'*|*'does not exist'*|'') o=;; *) printf '%s\n' "$o" >&2; exit 1;; esac
echo @@shown; printf '%s\n' "$o"
f=${`${KEPT}/${name}`}; [ ! -f "$f" ] || { echo @@kept; while IFS= read -r l || [ "$l" ]; do printf '=%s\n' "$l"; done <"$f"; }`,
      parse,
      decide,
    },
  ),
});

function parse(stdout: string, { name }: Args): State {
  const found = sections(stdout);
  const state = shown(found.get('shown') ?? '', name);
  const kept = found.get('kept');
  if (kept !== undefined && !isDeepStrictEqual(keptChoices(kept), Object.keys(state.choices).sort()))
    throw new Error(`update-alternatives printed only a part of the group ${name}`);
  return state;
}

/** The paths of the alternatives, in order, that the group's file has: behind its links, and an empty line, one each with as many lines as it has links. */
function keptChoices(text: string): string[] {
  const lines = text.split('\n').map((line) => line.slice(1));
  const end = lines.indexOf('', 2);
  const links = (end - 2) / 2;
  return lines.filter((line, i) => i > end && (i - end - 1) % (links + 2) === 0 && line !== '').sort();
}

function shown(text: string, name: string): State {
  const state: State = { choices: {} };
  let at: State['choices'][string] | undefined;
  for (const line of linesOf(text)) {
    const [, path, priority] = /^(\/.*) - (?:family \S+ )?priority (-?\d+)/.exec(line) ?? [];
    const [, slave, target] = /^\s+(?:slave|follower) (\S+): (.*)$/.exec(line) ?? [];
    if (path !== undefined) state.choices[path] = at = { priority: Number(priority), slaves: {} };
    else if (slave !== undefined && at) at.slaves[slave] = target as string;
    else if (at === undefined) header(line, name, state);
  }
  if (linesOf(text).length > 0 && state.auto === undefined)
    throw new Error(`update-alternatives did not say how ${name} is chosen`);
  return state;
}

function header(line: string, name: string, state: State): void {
  const [, mode] = /^\S+ - (?:status is )?(auto|manual)/.exec(line) ?? [];
  const [, current] = /^\s*link currently points to (.*)$/.exec(line) ?? [];
  const [, of, link] = /^\s*link (\S+) is (\/.*)$/.exec(line) ?? [];
  if (mode !== undefined) state.auto = mode === 'auto';
  if (current !== undefined) state.current = current;
  if (of === name && link !== undefined) state.link = link;
}

function decide(args: Args, state: State, context: DecideContext): Decision<State> {
  const { name, path = '' } = args;
  const known = state.choices[path];
  if (args.state === 'absent') {
    if (known === undefined) return { kind: 'ok' };
    const { [path]: _, ...choices } = state.choices;
    return {
      kind: 'change',
      diff: [{ what: `${name}: ${path}`, before: `priority ${known.priority}`, after: null }],
      steps: runs([argv('update-alternatives', '--remove', name, path)]),
      after: settled({ ...state, choices }),
    };
  }
  const link = args.link ?? state.link ?? (state.auto === undefined ? undefined : `/usr/bin/${name}`);
  const added = path !== '' && installs(args, known);
  if (added && link === undefined)
    return lacking(
      context,
      `the group ${name} does not exist, and the task does not say where its link is`,
      'Give `link`.',
    );
  const diff: Diff[] = [];
  const scripts: Script[] = [];
  let after = state;
  if (added) {
    const priority = args.priority ?? known?.priority ?? 50;
    diff.push({
      what: `${name}: ${path}`,
      before: known ? `priority ${known.priority}` : null,
      after: `priority ${priority}`,
    });
    scripts.push(install(args, link as string, priority));
    const slaves = Object.fromEntries(args.subcommands.map((one) => [one.name, one.path]));
    after = settled({ ...state, link: link as string, choices: { ...state.choices, [path]: { priority, slaves } } });
  }
  // One that is chosen by its priority already stays chosen so, as in Ansible.
  if (args.state === 'selected' && state.current !== path) {
    diff.push({ what: `${name} leads to`, before: state.current ?? null, after: path });
    scripts.push(argv('update-alternatives', '--set', name, path));
    after = { ...after, auto: false, current: path };
  }
  if (args.state === 'auto' && state.auto === false) {
    diff.push({ what: `${name} is chosen`, before: 'by hand', after: 'by priority' });
    scripts.push(argv('update-alternatives', '--auto', name));
    after = settled({ ...after, auto: true });
  }
  return diff.length === 0 ? { kind: 'ok' } : { kind: 'change', diff, steps: runs(scripts), after };
}

/** The group as the program leaves it: what is chosen by hand and is still there stays, otherwise the best is chosen. */
function settled(state: State): State {
  const { current, auto, choices } = state;
  if (auto === false && current !== undefined && current in choices) return state;
  const [best] = Object.keys(choices).sort((a, b) => (choices[b]?.priority ?? 0) - (choices[a]?.priority ?? 0));
  return best === undefined ? { choices } : { ...state, auto: true, current: best };
}

function install({ name, path, family, subcommands }: Args, link: string, priority: number): Script {
  const slaves = subcommands.flatMap((one) => ['--slave', one.link, one.name, one.path]);
  const kin = family !== undefined && ['--family', family];
  return argv('update-alternatives', '--install', link, name, path, priority, kin, slaves);
}

function installs({ priority, subcommands }: Args, known: State['choices'][string] | undefined): boolean {
  if (known === undefined) return true;
  const slave = subcommands.some((one) => known.slaves[one.name] !== one.path);
  return slave || (priority !== undefined && priority !== known.priority);
}
