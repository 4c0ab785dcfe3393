import * as z from 'zod';
import type { Diff } from '../events.ts';
import { flag, path, seconds, text, whole, words } from './arguments/scalars.ts';
import { fileResource } from './files/state.ts';
import { defineModule } from './module.ts';
import type { DecideContext, Decision, Step, StepResult } from './module.ts';
import { managerOf, probePackages } from './packages/managers.ts';
import type { Choices, Chores } from './packages/manager.ts';
import { aptChore, isPattern } from './packages/apt.ts';
import { parsePackages } from './packages/state.ts';
import type { PackageState } from './packages/state.ts';
import { packageDiff } from './packages/compare.ts';

const args = z
  .strictObject({
    name: words.optional().describe('Packages, `name` or `name=version`; for apt also `name/release`, `name:arch` and patterns as `php8*`. `pkg` is another word for it.'),
    pkg: words.optional().describe('The same as `name`.'),
    state: z.enum(['present', 'installed', 'latest', 'absent', 'removed', 'fixed', 'build-dep']).default('present').describe('Whether they are installed. `build-dep`: what is needed to build them is; `fixed`: what apt finds broken is repaired (apt).'),
    update_cache: flag.optional().describe('Read the lists of packages afresh before something is installed.'),
    cache_valid_time: seconds.optional().describe('Seconds for which the lists are fresh enough; implies update_cache.'),
    file: path.optional().describe('A package file on the host to install; `deb` is another word for it.'),
    deb: path.optional().describe('The same as `file`.'),
    upgrade: z.union([z.enum(['no', 'yes', 'safe', 'full', 'dist']), z.boolean()]).optional().describe('Upgrade the whole host; `full` may remove packages for that.'),
    purge: flag.default(false).describe('Remove configuration too.'),
    autoremove: flag.default(false).describe('Remove what only the removed packages needed; without a name, whatever nothing needs any more.'),
    autoclean: flag.default(false).describe('Remove package files that can be had no longer from the cache (apt).'),
    clean: flag.default(false).describe('Remove all package files from the cache (apt).'),
    only_upgrade: flag.default(false).describe('Leave packages alone that are not installed (apt).'),
    allow_change_held_packages: flag.default(false).describe('Change packages that are held (apt).'),
    allow_unauthenticated: flag.default(false).describe('Install packages whose origin cannot be verified (apt).'),
    force: flag.default(false).describe('All of allow_unauthenticated, allow_downgrade and allow_change_held_packages, and removing what is essential (apt).'),
    fail_on_autoremove: flag.default(false).describe('Fail where something else would have to be removed (apt).'),
    dpkg_options: words.optional().describe('Options for dpkg, without their hyphens; `force-confdef,force-confold` where not given (apt).'),
    force_apt_get: flag.default(true).describe('Taken for the sake of old playbooks: it is always apt-get.'),
    install_recommends: flag.optional().describe('Whether to install what packages recommend; where not given, the host decides.'),
    default_release: text.optional().describe('The release to install from (apt).'),
    allow_downgrade: flag.default(false).describe('Let an older version replace a newer one; `allow_downgrades` is another word for it.'),
    allow_downgrades: flag.default(false).describe('The same as `allow_downgrade`.'),
    lock_timeout: whole.default(60).describe('Seconds to wait for another package manager that is at work.'),
    use: z.enum(['auto', 'apt', 'dnf', 'yum', 'apk']).default('auto').describe('The package manager, where a host has several.'),
  })
  .refine(({ name, pkg }) => name === undefined || pkg === undefined, 'give either name or pkg')
  .refine((args) => [args.name, args.pkg, args.file, args.deb, args.upgrade, args.update_cache, args.cache_valid_time].some((a) => a !== undefined) || args.state === 'fixed' || args.autoremove || args.autoclean || args.clean, 'there is nothing to do')
  .refine((args) => args.state !== 'build-dep' || (args.name ?? args.pkg) !== undefined, 'build-dep needs the names of packages');

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
  probe: (args) => probePackages({ names: args.state === 'build-dep' ? [] : namesOf(args), latest: args.state === 'latest', file: fileOf(args), upgrade: upgradeOf(args), chores: choresOf(args) }, args.use),
  parse: parsePackages,
  decide(args, state, context) {
    if (state.manager === 'none') return { kind: 'fail', message: 'this host has none of apt, dnf, yum and apk', hint: 'Use `command` for another package manager.' };
    return refuseFile(args, state, context) ?? refuseNames(args, state, context) ?? compare(args, state, context);
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

/** What apt would take for something else, or refuse. */
function refuseNames(args: Args, state: PackageState, context: DecideContext): Decision<PackageState> | undefined {
  const names = namesOf(args);
  const absent = args.state === 'absent' || args.state === 'removed';
  const patterns = names.filter(isPattern);
  if (state.manager !== 'apt') {
    if (choresOf(args) || patterns.length > 0) return { kind: 'fail', message: `${patterns.length > 0 ? `the pattern ${patterns[0]}` : 'this'} is known with apt only; this host has ${state.manager}` };
    return undefined;
  }
  const other = names.find((name) => /[-^]$/.test(name) || /^[-~]/.test(name));
  if (other !== undefined) return { kind: 'fail', message: `${other} is not the name of a package: apt-get would ${other.endsWith('-') ? 'remove it' : 'take it for something else'}`, hint: 'Name packages only; `state: absent` removes them.' };
  const none = patterns.find((name) => !state.matches[name]?.length);
  if (none !== undefined && !absent) return missing(`no package is called ${none}`, context);
  const going = absent ? undefined : patterns.flatMap((name) => state.matches[name] ?? []).find((name) => (context.planned(`package:${name}`) as PackageState | undefined)?.installed[name] === undefined && context.planned(`package:${name}`) !== undefined);
  if (going !== undefined) return { kind: 'unknown', why: `an earlier task removes ${going}, and whether it could be installed again is not known`, steps: [] };
  const unknown = absent || args.only_upgrade || args.state === 'build-dep' || choosesLists(args, state, context) ? undefined : names.find((name) => !isPattern(name) && isUnknown(name, state));
  if (unknown !== undefined) return context.check ? missing(`apt knows no package ${unknown}`, context) : undefined;
  const held = differing(args, state).act.find((name) => state.held.includes(name.replace(/[=/:].*$/, '')));
  if (held !== undefined && !args.allow_change_held_packages && !args.force) return { kind: 'fail', message: `package ${held} is held, so it stays as it is`, hint: 'Use `allow_change_held_packages: true`, or let it go by: apt-mark unhold.' };
  return undefined;
}

function missing(message: string, context: DecideContext): Decision<PackageState> {
  // A task that a check does not run may bring the repository.
  if (context.check) return { kind: 'unknown', why: `${message} yet`, steps: [] };
  return { kind: 'fail', message, hint: 'Read the lists afresh by `update_cache: true`.' };
}

function isUnknown(argument: string, state: PackageState): boolean {
  const name = argument.replace(/[=/].*$/, '');
  return state.installed[name] === undefined && !state.provided[name] && Object.keys(state.candidates).length > 0 && state.candidates[name] === undefined;
}

const choosesLists = (args: Args, state: PackageState, context: DecideContext) => listsDiff(args, state, true, context) !== undefined;

/** What differs, with the names that patterns stand for. */
function differing(args: Args, state: PackageState) {
  const absent = args.state === 'absent' || args.state === 'removed';
  const names = args.state === 'build-dep' ? [] : namesOf(args).flatMap((name) => (isPattern(name) ? (state.matches[name] ?? []) : [name]));
  const wanted = args.only_upgrade ? names.filter((name) => state.installed[name.replace(/[=/].*$/, '')] !== undefined) : names;
  return packageDiff({ names: wanted, file: fileOf(args), absent, latest: args.state === 'latest', purge: args.purge }, state);
}

function compare(args: Args, state: PackageState, context: DecideContext): Decision<PackageState> {
  const manager = managerOf(state.manager as Exclude<PackageState['manager'], 'none'>);
  const choices = choicesOf(args);
  const absent = args.state === 'absent' || args.state === 'removed';
  const { diff, act, after } = differing(args, state);
  const steps: Step[] = [];
  const run = (script: Step & { do: 'run' }) => steps.push({ ...script, theirs: true });
  if (act.length > 0) run({ do: 'run', script: absent ? manager.remove(act, choices) : manager.install(act, choices) });
  if (state.upgradable && state.upgradable.length > 0) {
    diff.push({ what: 'upgradable packages', before: state.upgradable.join('\n'), after: '' });
    run({ do: 'run', script: manager.upgrade(upgradeOf(args) === 'full', choices) });
  }
  if (state.chores.length > 0 && !context.applied) {
    diff.push({ what: 'packages', before: null, after: state.chores.join('\n') });
    for (const words of chores(args, state)) run({ do: 'run', script: aptChore(words, choices) });
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
  const { purge, autoremove, install_recommends: recommends, default_release: release, lock_timeout: lockTimeout, only_upgrade: onlyUpgrade, dpkg_options: dpkgOptions } = args;
  const { force } = args;
  const allow = [
    ...(args.allow_change_held_packages || force ? ['change-held-packages'] : []),
    ...(args.allow_unauthenticated || force ? ['unauthenticated'] : []),
    ...(force ? ['remove-essential'] : []),
  ];
  const downgrade = args.allow_downgrade || args.allow_downgrades || force;
  return { purge, autoremove, recommends, release, downgrade, lockTimeout, onlyUpgrade, allow, noRemove: args.fail_on_autoremove, ...(dpkgOptions && { dpkgOptions }) };
}

function choresOf(args: Args): Chores | undefined {
  const only = namesOf(args).length === 0 && fileOf(args) === undefined;
  const { autoclean, clean, state } = args;
  const asked = { fixed: state === 'fixed', buildDep: state === 'build-dep' ? namesOf(args) : undefined, autoremove: args.autoremove && only, autoclean, clean };
  return Object.values(asked).some(Boolean) ? asked : undefined;
}

/** The words for apt-get, for what of it there is to do. */
function chores(args: Args, state: PackageState): string[][] {
  const finds = (kind: string) => state.chores.some((line) => line.startsWith(`${kind} `));
  const acts = ['Inst', 'Remv', 'Conf'].some(finds);
  return [
    ...(acts && args.state === 'fixed' ? [['-f', 'install']] : []),
    ...(acts && args.state === 'build-dep' ? [['build-dep', '--', ...namesOf(args)]] : []),
    ...(['autoremove', 'autoclean', 'clean'] as const).filter(finds).map((kind) => [kind, ...(kind === 'autoremove' && args.purge ? ['--purge'] : [])]),
  ];
}

function resultOf(args: Args, steps: StepResult[], state: PackageState) {
  const { rc, stdout, stderr } = steps.at(-1) as StepResult;
  const result = { rc, stdout, stderr };
  if (rc !== 0) return { ...result, failed: true, msg: lastWords(stderr) || `the package manager left with exit status ${rc}` };
  const news = args.state === 'latest' || upgradeOf(args) !== undefined;
  const nothing = news && managerOf(state.manager as 'apt').nothingDone.test(stdout);
  return nothing ? { ...result, changed: false } : result;
}

/** dpkg's own words about what went wrong, and apt's. */
function lastWords(stderr: string): string {
  const lines = stderr.trim().split('\n');
  const own = lines.filter((line, i) => /^(E: |dpkg: |dpkg-deb: )/.test(line) || /^(E: |dpkg: )/.test(lines[i - 1] ?? ''));
  return (own.length > 0 ? own : lines).slice(-8).join('\n');
}
