import * as z from 'zod';
import type { Diff } from '../events.ts';
import { flag, path, seconds, text, whole, words } from './arguments/scalars.ts';
import { fileResource } from './files/state.ts';
import { defineModule } from './module.ts';
import type { DecideContext, Decision, Step, StepResult } from './module.ts';
import { managerOf, probePackages } from './packages/managers.ts';
import type { Choices } from './packages/manager.ts';
import { parsePackages } from './packages/state.ts';
import type { PackageState } from './packages/state.ts';
import { packageDiff } from './packages/compare.ts';

const args = z
  .strictObject({
    name: words.optional().describe('Packages, `name` or `name=version`; `pkg` is another word for it.'),
    pkg: words.optional().describe('The same as `name`.'),
    state: z.enum(['present', 'installed', 'latest', 'absent', 'removed']).default('present').describe('Whether they are installed.'),
    update_cache: flag.optional().describe('Read the lists of packages afresh before something is installed.'),
    cache_valid_time: seconds.optional().describe('Seconds for which the lists are fresh enough; implies update_cache.'),
    file: path.optional().describe('A package file on the host to install; `deb` is another word for it.'),
    deb: path.optional().describe('The same as `file`.'),
    upgrade: z.union([z.enum(['no', 'yes', 'safe', 'full', 'dist']), z.boolean()]).optional().describe('Upgrade the whole host; `full` may remove packages for that.'),
    purge: flag.default(false).describe('Remove configuration too.'),
    autoremove: flag.default(false).describe('Remove what only the removed packages needed.'),
    install_recommends: flag.optional().describe('Whether to install what packages recommend; where not given, the host decides.'),
    default_release: text.optional().describe('The release to install from (apt).'),
    allow_downgrade: flag.default(false).describe('Let an older version replace a newer one.'),
    lock_timeout: whole.default(60).describe('Seconds to wait for another package manager that is at work.'),
    use: z.enum(['auto', 'apt', 'dnf', 'yum', 'apk']).default('auto').describe('The package manager, where a host has several.'),
  })
  .refine(({ name, pkg }) => name === undefined || pkg === undefined, 'give either name or pkg')
  .refine((args) => [args.name, args.pkg, args.file, args.deb, args.upgrade, args.update_cache, args.cache_valid_time].some((a) => a !== undefined), 'there is nothing to do');

type Args = z.output<typeof args>;

export default defineModule<typeof args, PackageState>({
  name: 'package',
  aliases: ['apt', 'dnf', 'yum', 'apk'],
  summary: 'Install and remove packages with apt, dnf, yum or apk',
  notes: ['Where all is installed the network is not touched, not even to update the lists.', 'Nothing is asked: configuration that somebody changed stays.'],
  examples: `
- package:
    name: [docker.io, iproute2]
    update_cache: true
- package:
    name: nginx=1.22.1-9
- package: {name: telnet, state: absent, purge: true}
`,
  args,
  resource: (args) => `package:${[...namesOf(args), ...(fileOf(args) ? [fileOf(args)] : [])].join(',')}`,
  probe: (args) => probePackages({ names: namesOf(args), latest: args.state === 'latest', file: fileOf(args), upgrade: upgradeOf(args) }, args.use),
  parse: parsePackages,
  decide(args, state, context) {
    if (state.manager === 'none') return { kind: 'fail', message: 'this host has none of apt, dnf, yum and apk', hint: 'Use `command` for another package manager.' };
    const file = refuseFile(args, state, context);
    if (file) return file;
    return compare(args, state, context);
  },
  result: (args, steps, state) => resultOf(args, steps, state),
});

function namesOf({ name, pkg }: Args): string[] {
  return name ?? pkg ?? [];
}

function fileOf({ file, deb }: Args): string | undefined {
  return file ?? deb;
}

function upgradeOf({ upgrade }: Args): 'safe' | 'full' | undefined {
  if (upgrade === undefined || upgrade === false || upgrade === 'no') return undefined;
  return upgrade === 'full' || upgrade === 'dist' ? 'full' : 'safe';
}

function refuseFile(args: Args, state: PackageState, context: DecideContext): Decision<PackageState> | undefined {
  const file = fileOf(args);
  if (file === undefined || state.file) return undefined;
  if (context.check && context.planned(fileResource(file))) return { kind: 'unknown', why: `${file} is not there yet`, steps: [] };
  return { kind: 'fail', message: `${file} is no package file that can be read`, hint: 'Bring it to the host by `copy` or `get_url` before.' };
}

function compare(args: Args, state: PackageState, context: DecideContext): Decision<PackageState> {
  const manager = managerOf(state.manager as Exclude<PackageState['manager'], 'none'>);
  const choices = choicesOf(args);
  const absent = args.state === 'absent' || args.state === 'removed';
  const { diff, act, after } = packageDiff({ names: namesOf(args), file: fileOf(args), absent, latest: args.state === 'latest', purge: args.purge }, state);
  const steps: Step[] = [];
  const run = (script: Step & { do: 'run' }) => steps.push({ ...script, theirs: true });
  if (act.length > 0) run({ do: 'run', script: absent ? manager.remove(act, choices) : manager.install(act, choices) });
  if (state.upgradable && state.upgradable.length > 0) {
    diff.push({ what: 'upgradable packages', before: state.upgradable.join('\n'), after: '' });
    run({ do: 'run', script: manager.upgrade(upgradeOf(args) === 'full', choices) });
  }
  const lists = listsDiff(args, state, steps.length > 0, context);
  if (lists) {
    diff.unshift(lists);
    steps.unshift({ do: 'run', script: manager.update(choices) });
  }
  if (steps.length === 0) return { kind: 'ok', result: {} };
  if (lists && steps.length === 1 && (args.state === 'latest' || upgradeOf(args))) return afterUpdate(args, manager, steps);
  const plans = Object.fromEntries(act.map((name) => [`package:${name.replace(/[=/].*$/, '')}`, after]));
  return { kind: 'change', diff, steps, after, plans };
}

/** Only fresh lists tell whether there is something newer. */
function afterUpdate(args: Args, manager: ReturnType<typeof managerOf>, steps: Step[]): Decision<PackageState> {
  const choices = choicesOf(args);
  const upgrade = upgradeOf(args);
  const script = upgrade ? manager.upgrade(upgrade === 'full', choices) : manager.install(namesOf(args), choices);
  return { kind: 'unknown', why: 'the lists of packages are to be updated first', steps: [...steps, { do: 'run', script, theirs: true }] };
}

/** The lists are read for an installation, for news, or where a task asks for nothing else. */
function listsDiff(args: Args, state: PackageState, acts: boolean, context: DecideContext): Diff | undefined {
  const asked = args.update_cache ?? args.cache_valid_time !== undefined;
  const absent = args.state === 'absent' || args.state === 'removed';
  if (!asked || absent || context.applied) return undefined;
  const only = namesOf(args).length === 0 && fileOf(args) === undefined;
  if (!acts && !only && args.state !== 'latest') return undefined;
  const fresh = args.cache_valid_time !== undefined && state.listsAge !== undefined && state.listsAge < args.cache_valid_time;
  const age = state.listsAge === undefined ? null : `read ${state.listsAge} s ago`;
  return fresh ? undefined : { what: 'lists of packages', before: age, after: 'read now' };
}

function choicesOf(args: Args): Choices {
  const { purge, autoremove, install_recommends: recommends, default_release: release, allow_downgrade: downgrade, lock_timeout: lockTimeout } = args;
  return { purge, autoremove, recommends, release, downgrade, lockTimeout };
}

function resultOf(args: Args, steps: StepResult[], state: PackageState) {
  const { rc, stdout, stderr } = steps.at(-1) as StepResult;
  const result = { rc, stdout, stderr };
  if (rc !== 0) return { ...result, failed: true, msg: stderr.trim().split('\n').slice(-3).join('\n') || `the package manager left with exit status ${rc}` };
  const news = args.state === 'latest' || upgradeOf(args) !== undefined;
  const nothing = news && managerOf(state.manager as 'apt').nothingDone.test(stdout);
  return nothing ? { ...result, changed: false } : result;
}
