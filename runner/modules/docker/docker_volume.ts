import type { Diff } from '../../model/events.ts';
import { argv, raw, sequence } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision, Result, Step } from '../../model/module.ts';
import { showDictionary } from './api/attribute.ts';
import { dictionaryDrift } from './api/dictionary-drift.ts';
import { guarded, ownLabel } from './api/ownership.ts';
import { reaching } from './api/reach.ts';
import type { Trouble } from './api/reach.ts';
import { goes } from './api/users.ts';
import { volumeArgs } from './volume/volume-args.ts';
import type { VolumeArgs } from './volume/volume-args.ts';
import { NO_VOLUME, parseVolume, probeVolume } from './volume/volume-state.ts';
import type { DockerVolume, VolumeState } from './volume/volume-state.ts';

export default defineModule<typeof volumeArgs, VolumeState | Trouble>({
  name: 'docker_volume',
  summary: 'Manage a Docker volume',
  notes: [
    'Docker changes nothing of a volume that is there: one of the same name that differs is refused, unless `recreate` lets it be made anew, which loses its content.',
    'A volume that a container uses, running or stopped, is never removed.',
    'Before a volume is made anew Docker has to take the new one, under another name.',
  ],
  examples: `
- docker_volume: {name: data, labels: {app: shop}}
- docker_volume:
    name: scratch
    driver_options: {type: tmpfs, device: tmpfs, o: size=100m}
`,
  returns: {
    name: 'Its name.',
    driver: 'Its driver.',
    scope: '`local` or `global`.',
    mountpoint: 'Where its files are on the host.',
    options: "The driver's options.",
    labels: 'Its labels.',
  },
  args: volumeArgs,
  resource: ({ name }) => `docker_volume:${name}`,
  probeMayFail: true,
  probe: ({ name, state, recreate }) => probeVolume(name, state === 'absent' || recreate !== 'never'),
  parse: parseVolume,
  decide: reaching(() => NO_VOLUME, decide),
  prove: { timeout: 10, interval: 0.5 },
});

function decide(args: VolumeArgs, state: VolumeState, context: DecideContext): Decision<VolumeState> {
  const { volume } = state;
  const decision = args.state === 'absent' ? remove(args, state, context) : keep(args, state, context);
  return volume ? guarded(args.owned_by, volume.labels, `volume ${args.name}`, decision) : decision;
}

function keep(args: VolumeArgs, state: VolumeState, context: DecideContext): Decision<VolumeState> {
  const { volume } = state;
  const made = (diff: Diff[], script: Script): Decision<VolumeState> => {
    const after = plannedVolume(args);
    const result = resultOf(args.name, after);
    return { kind: 'change', diff, steps: steps(script), after: { volume: after, users: [] }, result };
  };
  if (!volume)
    return made([{ what: `volume ${args.name}`, before: null, after: describe(plannedVolume(args)) }], creation(args));
  const diff = drift(args, volume);
  if (diff.length === 0 && (args.recreate !== 'always' || context.applied))
    return { kind: 'ok', result: resultOf(args.name, volume) };
  if (args.recreate === 'never') return conflict(args.name, diff);
  const used = refuseUsed(args.name, state, context);
  if (used) return used;
  return made([...diff, { what: `volume ${args.name} content`, before: 'kept', after: 'lost' }], remaking(args));
}

function remove(args: VolumeArgs, state: VolumeState, context: DecideContext): Decision<VolumeState> {
  if (!state.volume) return { kind: 'ok' };
  const diff = [{ what: `volume ${args.name}`, before: describe(state.volume), after: null }];
  return (
    refuseUsed(args.name, state, context) ?? {
      kind: 'change',
      diff,
      steps: steps(removal(args.name)),
      after: NO_VOLUME,
    }
  );
}

function refuseUsed(name: string, { users }: VolumeState, context: DecideContext): Decision<VolumeState> | undefined {
  const left = users.filter((user) => !goes(user, context));
  if (left.length === 0) return undefined;
  return {
    kind: 'fail',
    message: `volume ${name} is used by ${left.join(', ')}`,
    hint: 'Remove these containers first; a stopped container uses its volumes too.',
  };
}

function conflict(name: string, diff: Diff[]): Decision<VolumeState> {
  const differences = diff.map(
    ({ what, before, after }) =>
      `${what.slice(name.length + 1)} is ${before || '(none)'}, expected ${after || '(none)'}`,
  );
  return {
    kind: 'fail',
    message: `volume ${name} exists and differs: ${differences.join('; ')}`,
    hint: 'Docker cannot change a volume: choose another name, or say `recreate: options-changed`, which loses its content.',
  };
}

/** Where a volume differs from what the arguments say of it. */
function drift({ name, driver, driver_options, labels }: VolumeArgs, found: DockerVolume): Diff[] {
  return [
    ...(driver === found.driver ? [] : [{ what: `${name} driver`, before: found.driver, after: driver }]),
    ...dictionaryDrift(name, 'driver_options', found.options, driver_options),
    ...dictionaryDrift(name, 'labels', found.labels, labels),
  ];
}

function plannedVolume({ driver, driver_options = {}, labels, owned_by }: VolumeArgs): DockerVolume {
  return {
    driver,
    options: driver_options,
    labels: { ...labels, ...ownLabel(owned_by) },
    mountpoint: '',
    scope: 'local',
  };
}

const describe = ({ driver, options }: DockerVolume) => `${driver} ${showDictionary(options)}`.trim();

function creation(args: VolumeArgs, name = args.name): Script {
  const { driver, options, labels } = plannedVolume(args);
  const pairs = (option: string, values: Record<string, string>) =>
    Object.entries(values).flatMap(([key, value]) => [option, `${key}=${value}`]);
  const words = [...pairs('--opt', options), ...pairs('--label', labels)];
  return argv('docker', 'volume', 'create', '--driver', driver, words, name, raw('>/dev/null'));
}

const removal = (name: string) => argv('docker', 'volume', 'rm', name, raw('>/dev/null'));

/** The old one goes only when Docker has taken the same under another name. */
function remaking(args: VolumeArgs): Script {
  const trial = `${args.name}.xrun-new`;
  return sequence(creation(args, trial), removal(trial), removal(args.name), creation(args));
}

function resultOf(name: string, { driver, scope, mountpoint, options, labels }: DockerVolume): Result {
  return { name, driver, scope, mountpoint, options, labels };
}

const steps = (script: Script): Step[] => [{ do: 'run', script }];
