import type { Diff } from '../../model/events.ts';
import { argv, sh } from '../../model/script.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision, Step } from '../../model/module.ts';
import { passwordsIn } from '../shared/passwords.ts';
import { byProgram, lacking } from '../shared/program.ts';
import type { Lacking } from '../shared/program.ts';
import { isExact, isRegistryName, npmArgs, tagOf } from './npm/npm-args.ts';
import type { NpmArgs } from './npm/npm-args.ts';
import { npmCommand, parseNpm, probeNpm } from './npm/npm-state.ts';
import type { NpmState } from './npm/npm-state.ts';

export default defineModule<typeof npmArgs, NpmState | Lacking>({
  name: 'npm',
  summary: 'Manage packages of Node.js by npm, of a project or for the whole host',
  notes: [
    'What `latest` and tags mean is asked of the registry.',
    'Whether an address or a path as `name` is installed cannot be known: npm installs it in every run.',
  ],
  examples: `
- npm: {path: /srv/app, production: true}
- npm: {name: pm2, global: true, version: 5.3.0}
`,
  args: npmArgs,
  fresh: true,
  secrets: ({ registry = '', name = '' }) => passwordsIn([registry, name]),
  ...byProgram<NpmArgs, NpmState>(
    ({ executable }) => ({ command: executable.split(' ')[0] as string, from: 'the package npm' }),
    { probe: probeNpm, parse: parseNpm, decide },
  ),
});

function decide(args: NpmArgs, state: NpmState, context: DecideContext): Decision<NpmState> {
  const { name } = args;
  if (args.ci || name === undefined) return decideProject(args, state, context);
  const before = state.installed[name] ?? null;
  if (args.state === 'absent') {
    if (before === null) return { kind: 'ok' };
    return change(args, [{ what: name, before, after: null }], ['uninstall', name]);
  }
  const tag = tagOf(args);
  const wanted = args.version ?? tag;
  const command = ['install', wanted === undefined ? name : `${name}@${wanted}`];
  if (!isRegistryName(name))
    return { kind: 'unknown', why: `only npm knows whether ${name} is installed`, steps: [run(args, command)] };
  if (before !== null && isRight(args, state, before)) return { kind: 'ok' };
  const after = tag === undefined ? (wanted ?? 'present') : (state.newest[name] ?? tag);
  return change(args, [{ what: name, before, after }], command);
}

function isRight({ name = '', version }: NpmArgs, { newest, inRange, wrong }: NpmState, found: string): boolean {
  if (newest[name] !== undefined) return newest[name] === found;
  if (version === undefined) return wrong[name] === undefined;
  return isExact(version) ? version.replace(/^=?v?/, '') === found : inRange === true;
}

function decideProject(args: NpmArgs, state: NpmState, context: DecideContext): Decision<NpmState> {
  const { path = '' } = args;
  if (!state.project)
    return lacking(context, `${path} has no package.json`, 'Bring the project there by a task before, or give a name.');
  if (args.ci) return change(args, [{ what: `${path}/node_modules`, before: null, after: 'installed anew' }], ['ci']);
  const wanted = { ...state.wrong, ...state.newest };
  const diff = Object.entries(wanted).map(([what, after]) => ({ what, before: state.installed[what] ?? null, after }));
  return change(args, diff, Object.keys(state.wrong).length > 0 ? ['install'] : ['update']);
}

function change(args: NpmArgs, diff: Diff[], command: string[]): Decision<NpmState> {
  if (diff.length === 0) return { kind: 'ok' };
  const updates = args.name === undefined && args.state === 'latest' && command[0] === 'install';
  const steps = [run(args, command), ...(updates ? [run(args, ['update'])] : [])];
  return { kind: 'change', diff, steps };
}

function run(args: NpmArgs, words: string[]): Step {
  const command = argv(
    npmCommand(args, ...words),
    args.ignore_scripts && '--ignore-scripts',
    args.unsafe_perm && '--unsafe-perm',
    args.no_optional && '--no-optional',
    args.no_bin_links && '--no-bin-links',
    args.force && '--force',
  );
  const { path } = args;
  return { do: 'run', script: path === undefined ? command : sh`mkdir -p ${path} && cd ${path} && ${command}` };
}
