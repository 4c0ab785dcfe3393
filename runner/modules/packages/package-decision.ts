import type { Diff } from '../../model/events.ts';
import { fileResource } from '../path/file-state.ts';
import type { DecideContext, Decision, Step } from '../../model/module.ts';
import { aptChore, isPattern } from './apt.ts';
import { packageDiff } from './compare.ts';
import { managerOf } from './managers.ts';
import { choicesOf, choresOf, fileOf, forRpmOnly, namesOf, upgradeOf } from './package-args.ts';
import type { PackageArgs } from './package-args.ts';
import type { PackageState } from './package-state.ts';

export function refuseFile(
  args: PackageArgs,
  state: PackageState,
  context: DecideContext,
): Decision<PackageState> | undefined {
  const file = fileOf(args);
  if (file === undefined || state.file) return undefined;
  if (context.check && context.planned(fileResource(file)))
    return { kind: 'unknown', why: `${file} is not there yet`, steps: [] };
  return {
    kind: 'fail',
    message: `${file} is not a readable package file`,
    hint: 'Bring it to the host by `copy` or `get_url` before.',
  };
}

/** Arguments that the host's package manager has no counterpart of. */
export function refuseRepositories(args: PackageArgs, { manager }: PackageState): Decision<PackageState> | undefined {
  const given = forRpmOnly(args);
  if (given === undefined || manager === 'dnf' || manager === 'yum') return undefined;
  return { kind: 'fail', message: `\`${given}\` is known with dnf and yum only; this host has ${manager}` };
}

/** What apt would take for something else, or refuse. */
export function refuseNames(
  args: PackageArgs,
  state: PackageState,
  context: DecideContext,
): Decision<PackageState> | undefined {
  const names = namesOf(args);
  const absent = args.state === 'absent' || args.state === 'removed';
  const patterns = names.filter(isPattern);
  if (state.manager !== 'apt') {
    if (choresOf(args) || patterns.length > 0)
      return {
        kind: 'fail',
        message: `${patterns.length > 0 ? `the pattern ${patterns[0]}` : 'this'} is known with apt only; this host has ${state.manager}`,
      };
    return undefined;
  }
  const other = names.find((name) => /[-^]$/.test(name) || /^[-~]/.test(name));
  if (other !== undefined)
    return {
      kind: 'fail',
      message: `${other} is not the name of a package: apt-get would ${other.endsWith('-') ? 'remove it' : 'take it for something else'}`,
      hint: 'Name packages only; `state: absent` removes them.',
    };
  const none = patterns.find((name) => !state.matches[name]?.length);
  if (none !== undefined && !absent) return missing(`no package is called ${none}`, context);
  const going = absent
    ? undefined
    : patterns
        .flatMap((name) => state.matches[name] ?? [])
        .find(
          (name) =>
            (context.planned(`package:${name}`) as PackageState | undefined)?.installed[name] === undefined &&
            context.planned(`package:${name}`) !== undefined,
        );
  if (going !== undefined)
    return {
      kind: 'unknown',
      why: `an earlier task removes ${going}, and whether it could be installed again is not known`,
      steps: [],
    };
  const unknown =
    absent || args.only_upgrade || args.state === 'build-dep' || choosesLists(args, state, context)
      ? undefined
      : names.find((name) => !isPattern(name) && isUnknown(name, state));
  if (unknown !== undefined) return context.check ? missing(`apt knows no package ${unknown}`, context) : undefined;
  const held = differing(args, state).act.find((name) => state.held.includes(name.replace(/[=/:].*$/, '')));
  if (held !== undefined && !args.allow_change_held_packages && !args.force)
    return {
      kind: 'fail',
      message: `package ${held} is held, so it stays as it is`,
      hint: 'Use `allow_change_held_packages: true`, or let it go by: apt-mark unhold.',
    };
  return undefined;
}

function missing(message: string, context: DecideContext): Decision<PackageState> {
  // A task that a check does not run may bring the repository.
  if (context.check) return { kind: 'unknown', why: `${message} yet`, steps: [] };
  return { kind: 'fail', message, hint: 'Read the lists afresh by `update_cache: true`.' };
}

function isUnknown(argument: string, state: PackageState): boolean {
  const name = argument.replace(/[=/].*$/, '');
  return (
    state.installed[name] === undefined &&
    !state.provided[name] &&
    Object.keys(state.candidates).length > 0 &&
    state.candidates[name] === undefined
  );
}

const choosesLists = (args: PackageArgs, state: PackageState, context: DecideContext) =>
  listsDiff(args, state, true, context) !== undefined;

/** What differs, with the names that patterns stand for. */
function differing(args: PackageArgs, state: PackageState) {
  const absent = args.state === 'absent' || args.state === 'removed';
  const names =
    args.state === 'build-dep'
      ? []
      : namesOf(args).flatMap((name) => (isPattern(name) ? (state.matches[name] ?? []) : [name]));
  const wanted = args.only_upgrade
    ? names.filter((name) => state.installed[name.replace(/[=/].*$/, '')] !== undefined)
    : names;
  return packageDiff(
    { names: wanted, file: fileOf(args), absent, latest: args.state === 'latest', purge: args.purge },
    state,
  );
}

export function compare(args: PackageArgs, state: PackageState, context: DecideContext): Decision<PackageState> {
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
  if (lists && steps.length === 1 && (args.state === 'latest' || upgradeOf(args)))
    return afterUpdate(args, manager, steps);
  const plans = Object.fromEntries(act.map((name) => [`package:${name.replace(/[=/].*$/, '')}`, after]));
  return { kind: 'change', diff, steps, after, plans };
}

/** Only fresh lists show whether there is something newer. */
function afterUpdate(args: PackageArgs, manager: ReturnType<typeof managerOf>, steps: Step[]): Decision<PackageState> {
  const choices = choicesOf(args);
  const upgrade = upgradeOf(args);
  const script = upgrade ? manager.upgrade(upgrade === 'full', choices) : manager.install(namesOf(args), choices);
  return {
    kind: 'unknown',
    why: 'the lists of packages are to be updated first',
    steps: [...steps, { do: 'run', script, theirs: true }],
  };
}

/** The lists are read for an installation, for news, or where a task asks for nothing else. */
function listsDiff(args: PackageArgs, state: PackageState, acts: boolean, context: DecideContext): Diff | undefined {
  const asked = args.update_cache ?? args.cache_valid_time !== undefined;
  const absent = args.state === 'absent' || args.state === 'removed';
  if (!asked || absent || context.applied) return undefined;
  const only = namesOf(args).length === 0 && fileOf(args) === undefined;
  if (!acts && !only && args.state !== 'latest') return undefined;
  const fresh =
    args.cache_valid_time !== undefined && state.listsAge !== undefined && state.listsAge < args.cache_valid_time;
  const age = state.listsAge === undefined ? null : `read ${state.listsAge} s ago`;
  return fresh ? undefined : { what: 'lists of packages', before: age, after: 'read now' };
}

function chores(args: PackageArgs, state: PackageState): string[][] {
  const finds = (kind: string) => state.chores.some((line) => line.startsWith(`${kind} `));
  const acts = ['Inst', 'Remv', 'Conf'].some(finds);
  return [
    ...(acts && args.state === 'fixed' ? [['-f', 'install']] : []),
    ...(acts && args.state === 'build-dep' ? [['build-dep', '--', ...namesOf(args)]] : []),
    ...(['autoremove', 'autoclean', 'clean'] as const)
      .filter(finds)
      .map((kind) => [kind, ...(kind === 'autoremove' && args.purge ? ['--purge'] : [])]),
  ];
}
