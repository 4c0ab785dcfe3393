import type { Diff } from '../../model/events.ts';
import { fileResource } from '../path/file-state.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision, Result, Step } from '../../model/module.ts';
import { isEnabled, shownEnabled } from './enabled.ts';
import { unitName } from './name.ts';
import { parseUnit, probeUnit, reloadManager, unitCommand } from './unit-state.ts';
import type { UnitState, Verb } from './unit-state.ts';
import { unitArgs } from './unit-args.ts';
import type { UnitArgs } from './unit-args.ts';

export default defineModule<typeof unitArgs, UnitState>({
  name: 'systemd',
  aliases: ['systemd_service', 'service'],
  synonyms: {
    service: 'name',
    unit: 'name',
    'daemon-reload': 'daemon_reload',
    'daemon-reexec': 'daemon_reexec',
    'no-block': 'no_block',
  },
  summary: 'Start, stop and enable services',
  notes: [
    'On hosts with OpenRC the same arguments manage its services.',
    'What others put beside a unit (drop-ins) is not looked at.',
  ],
  examples: `
- systemd:
    name: docker
    state: started
    enabled: true
- systemd:
    name: app
    state: restarted
    daemon_reload: true
`,
  returns: {
    name: 'The unit.',
    state: '`started`, `stopped` and the like.',
    enabled: 'Whether it starts at a boot.',
    status: 'What `systemctl show` says of it.',
  },
  args: unitArgs,
  resource: (args) => `unit:${unitOf(args) ?? ''}`,
  probe: (args) => probeUnit(unitOf(args), args.scope === 'user'),
  parse: (probe, args) => parseUnit(probe, args.name !== undefined),
  decide(args, state, context) {
    return refuse(args, state, context) ?? compare(args, state, context);
  },
  prove: { timeout: 15, interval: 0.5 },
});

function unitOf({ name }: UnitArgs): string | undefined {
  return name === undefined ? undefined : unitName(name);
}

/** Where `systemctl mask` puts its links; what is there already it leaves alone. */
const OWN = /^\/etc\/systemd\/system\/|\/\.config\/systemd\/user\//;

function refuse(args: UnitArgs, state: UnitState, context: DecideContext): Decision<UnitState> | undefined {
  const unit = unitOf(args);
  const starts = args.state !== undefined && args.state !== 'stopped';
  if (state.manager === 'none')
    return {
      kind: 'fail',
      message: 'neither systemd nor OpenRC runs on this host',
      hint: 'Use `command` for another init system.',
    };
  if (state.problem !== undefined)
    return { kind: 'fail', message: `systemd does not answer: ${state.problem || 'systemctl failed'}` };
  if (unit === undefined || isPlanned(unit, context)) return undefined;
  if (state.load === 'not-found' && (starts || args.enabled)) {
    // Its package or its unit file may come by a task that a check does not run.
    if (context.check) return { kind: 'unknown', why: `${unit} does not exist yet`, steps: [] };
    return {
      kind: 'fail',
      message: `${unit} does not exist`,
      hint: `Look for its name with \`systemctl list-unit-files '*${unit.slice(0, 4)}*'\`.`,
    };
  }
  if (state.load === 'masked' && starts && args.masked === undefined) {
    return { kind: 'fail', message: `${unit} is masked, so it cannot be started`, hint: 'Add masked: false.' };
  }
  if (state.enabled.startsWith('masked') && args.enabled && args.masked === undefined)
    return { kind: 'fail', message: `${unit} is masked, so it cannot be enabled`, hint: 'Add masked: false.' };
  if (args.masked && state.load !== 'masked' && OWN.test(state.file ?? ''))
    return {
      kind: 'fail',
      message: `${unit} cannot be masked: its unit file is ${state.file}, where the mask would be`,
      hint: 'Remove that file, or move it to /usr/local/lib/systemd/system.',
    };
  if (context.applied && starts && state.active === 'failed')
    return {
      kind: 'fail',
      message: `${unit} was started and has failed${lastWords(state)}`,
      hint: `See \`journalctl -u ${unit}\`.`,
    };
  return refuseAction(unit, args, state);
}

/** What systemd would refuse. A file that has changed is another one after the daemon-reload. */
function refuseAction(unit: string, args: UnitArgs, state: UnitState): Decision<UnitState> | undefined {
  if (state.stale || args.state === undefined) return undefined;
  const runs = isRunning(state);
  const starts = args.state === 'restarted' || (!runs && args.state !== 'stopped');
  if (starts && ['error', 'bad-setting'].includes(state.load))
    return {
      kind: 'fail',
      message: `${unit} cannot be started: ${state.loadError ?? 'its file has an error'}`,
      hint: `See \`systemd-analyze verify ${unit}\`.`,
    };
  if (starts && state.load === 'loaded' && state.canStart === false && !(runs && args.state === 'started'))
    return { kind: 'fail', message: `${unit} does not let itself be started by hand (RefuseManualStart)` };
  if (runs && ['restarted', 'stopped'].includes(args.state) && state.canStop === false)
    return { kind: 'fail', message: `${unit} does not let itself be stopped by hand (RefuseManualStop)` };
  if (runs && args.state === 'reloaded' && state.canReload === false)
    return { kind: 'fail', message: `${unit} has no way to reload (ExecReload)`, hint: 'Use `state: restarted`.' };
  return undefined;
}

function lastWords({ words }: UnitState): string {
  return words ? `: ${words}` : '';
}

function compare(args: UnitArgs, state: UnitState, context: DecideContext): Decision<UnitState> {
  const unit = unitOf(args) ?? 'systemd';
  const user = args.scope === 'user';
  const diff: Diff[] = [];
  const steps: Step[] = [];
  const after = { ...state };
  const act = (verb: Verb, what: string, before: string, wanted: string) => {
    diff.push({ what, before, after: wanted });
    steps.push({
      do: 'run',
      script: unitCommand(
        verb,
        FILES.includes(verb) ? (state.id ?? unit) : unit,
        state.manager,
        user,
        optionsFor(verb, args),
      ),
    });
  };

  const mask = (wanted: boolean) => {
    if (args.masked !== wanted || wanted === (state.load === 'masked')) return;
    act(wanted ? 'mask' : 'unmask', `${unit} masked`, wanted ? 'no' : 'yes', wanted ? 'yes' : 'no');
    after.load = wanted ? 'masked' : 'loaded';
  };
  mask(false);
  if (args.enabled !== undefined && !isEnabled(args.enabled, state)) {
    after.enabled = args.enabled ? 'enabled' : 'disabled';
    act(args.enabled ? 'enable' : 'disable', `${unit} enabled`, shownEnabled(state), after.enabled);
  }
  // Behind `disable`, which leaves the links of a masked unit where they are.
  mask(true);
  const verb = verbFor(args.state, state, context);
  if (verb) {
    after.active = verb === 'stop' ? 'inactive' : 'active';
    act(verb, unit, shown(state), args.state === 'started' ? 'active' : (args.state as string));
  }
  const stale =
    state.manager === 'systemd' && (state.stale || (state.file !== undefined && isChanged(state.file, context)));
  if (stale && (args.daemon_reload || (verb && verb !== 'stop'))) {
    diff.unshift({ what: 'systemd', before: 'unit files have changed', after: 'daemon-reload' });
    steps.unshift({ do: 'run', script: reloadManager(user) });
    after.stale = false;
  }
  if (args.daemon_reexec && !context.applied) {
    diff.unshift({ what: 'systemd', before: null, after: 'daemon-reexec' });
    steps.unshift({ do: 'run', script: reloadManager(user, true) });
  }
  const result = resultOf(args, after);
  return steps.length === 0 ? { kind: 'ok', result } : { kind: 'change', diff, steps, after, result };
}

function verbFor(wanted: UnitArgs['state'], state: UnitState, context: DecideContext): Verb | undefined {
  const runs = isRunning(state);
  // A oneshot unit is done when it has run.
  if (context.applied && state.type === 'oneshot' && state.result === 'success') return undefined;
  if (wanted === 'started') return runs ? undefined : 'start';
  if (wanted === 'stopped') return runs || state.active === 'deactivating' ? 'stop' : undefined;
  if (context.applied) return runs || wanted === undefined ? undefined : 'start';
  if (wanted === 'restarted') return 'restart';
  if (wanted === 'reloaded') return runs ? 'reload' : 'start';
  return undefined;
}

/** What is started again and again does not run. */
function isRunning({ active, sub }: UnitState): boolean {
  return ['active', 'activating', 'reloading', 'refreshing'].includes(active) && !sub?.startsWith('auto-restart');
}

/** These work on files, of which an alias has none of its own. */
const FILES: Verb[] = ['enable', 'disable', 'mask', 'unmask'];

function optionsFor(verb: Verb, { force, no_block }: UnitArgs): string[] {
  if (verb === 'enable') return force ? ['--force'] : [];
  return no_block && !FILES.includes(verb) ? ['--no-block'] : [];
}

/** In check mode: whether an earlier task would have written the unit's file. */
function isPlanned(unit: string, context: DecideContext): boolean {
  return [
    '/etc/systemd/system',
    '/run/systemd/system',
    '/usr/lib/systemd/system',
    '/lib/systemd/system',
    '/etc/init.d',
  ].some((folder) => {
    return isChanged(`${folder}/${folder.endsWith('init.d') ? unit.replace(/\.service$/, '') : unit}`, context);
  });
}

function isChanged(file: string, context: DecideContext): boolean {
  const planned = context.planned(fileResource(file)) as { type: string } | undefined;
  return planned !== undefined && planned.type !== 'absent';
}

function shown(state: UnitState): string {
  const { active, sub, words } = state;
  const text = sub && sub !== 'dead' ? `${active} (${sub})` : active;
  // Started and failed again and again: the reason is in the last line of its own in the journal.
  const own = words?.split('\n').findLast((line) => !/^(Start|Stop|\S+\.\w+: )/.test(line));
  return sub?.startsWith('auto-restart') && own ? `${text}: ${own}` : text;
}

function resultOf(args: UnitArgs, state: UnitState): Result {
  const { load, active, sub, enabled, pid } = state;
  const status = {
    ...state.properties,
    LoadState: load,
    ActiveState: active,
    SubState: sub,
    UnitFileState: enabled,
    MainPID: pid ?? 0,
  };
  return {
    name: args.name,
    state: active === 'active' ? 'started' : 'stopped',
    enabled: enabled === 'enabled',
    status,
  };
}
