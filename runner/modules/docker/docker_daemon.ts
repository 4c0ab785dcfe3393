import { posix } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { Diff } from '../../model/events.ts';
import { argv, sequence } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { flag, path, seconds, words } from '../../model/arguments/scalars.ts';
import { DAEMON_FILE, DROP_IN, parseDaemon, probeDaemon, unread, withoutHosts } from './daemon/daemon-state.ts';
import type { DaemonState } from './daemon/daemon-state.ts';
import { PUT_DROP_IN_AWAY, VALIDATE, activate, forget, keep, reloadable } from './daemon/daemon-steps.ts';
import { willBeThere } from './api/reach.ts';
import { fileResource } from '../path/file-state.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision, Step } from '../../model/module.ts';

type Options = Record<string, unknown>;

const args = z.strictObject({
  options: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("Options of daemon.json with their values; each takes the place of the file's."),
  absent_keys: words.default([]).describe('Options that are not to be in the file.'),
  replace: flag.default(false).describe('Keep no other options of the file; it may then also be broken.'),
  path: path.default(DAEMON_FILE).describe('The file.'),
  restart: flag
    .default(true)
    .describe('Restart the daemon after a change, or let it reload where that is enough, and wait until it answers.'),
  wait_timeout: seconds.default(60).describe('How long to wait for it, seconds.'),
});

type Args = z.output<typeof args>;

export default defineModule<typeof args, DaemonState>({
  name: 'docker_daemon',
  summary: "Manage the Docker daemon's options in daemon.json",
  notes: [
    'Other options of the file stay. A file that says the same in another form is left as it is; one that is left without any option is removed.',
    'A daemon that runs with another value than the file has, where `docker info` reports it (`debug`, `log-driver`, `cluster-store`...), restarts, too.',
    'The daemon restarts only after a change. When it does not start with the new options, the old ones are put back and the task fails.',
    'Where the file is a link, the file that it leads to is changed, and the link stays.',
    "With `hosts`, a systemd drop-in takes the unit's own `-H` away, since Docker refuses to get them twice; it goes when `hosts` goes.",
  ],
  examples: `
- docker_daemon:
    options:
      log-driver: journald
      live-restore: false
    absent_keys: [bip]
`,
  returns: { path: 'The file of options.', options: 'All options in it.', restarted: 'Whether Docker was restarted.' },
  args,
  resource: ({ path }) => fileResource(path),
  probe: ({ path, options }) => probeDaemon(path, options),
  parse: parseDaemon,
  decide(args, state, context) {
    if (state.daemon?.installed === false && !(context.check && willBeThere(context))) {
      return {
        kind: 'fail',
        message: 'Docker is not installed: there is no `dockerd` command',
        hint: 'Install it by a task before: `package: {name: docker.io}`.',
      };
    }
    const found = readOptions(args, state);
    return 'refused' in found ? found.refused : compare(args, found, state, context);
  },
  prove: true,
});

/** What is in the file; `broken` where that is no JSON and is to be replaced. */
type Found = { options: Options; broken?: boolean } | { refused: Decision<DaemonState> };

function readOptions({ path, replace }: Args, state: DaemonState): Found {
  if (state.type === 'absent') return { options: {} };
  if (state.type === 'link')
    return {
      refused: {
        kind: 'fail',
        message: `${path} is a link to ${state.target ?? 'a file'}, which does not exist`,
        hint: 'Create that file, or remove the link.',
      },
    };
  if (state.type === 'file' && state.sha256 === undefined && state.content === undefined) {
    return { refused: { kind: 'fail', message: `${path} may not be read by this user`, hint: 'Use `become: true`.' } };
  }
  if (state.type !== 'file' || state.content === undefined) {
    return {
      refused: {
        kind: 'fail',
        message: `${path} is not a text file`,
        hint: 'Look at it on the host and move it away.',
      },
    };
  }
  if (state.content.trim() === '') return { options: {} };
  try {
    const parsed = JSON.parse(state.content) as unknown;
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { options: parsed as Options };
    throw new Error('it holds no object');
  } catch (error) {
    if (replace) return { options: {}, broken: true };
    return {
      refused: {
        kind: 'fail',
        message: `${path} is not valid JSON: ${(error as Error).message}`,
        hint: 'Correct the file, or say `replace: true` to write it anew.',
      },
    };
  }
}

function compare(
  args: Args,
  { options: found, broken }: Exclude<Found, { refused: unknown }>,
  state: DaemonState,
  context: DecideContext,
): Decision<DaemonState> {
  const kept = args.replace ? {} : found;
  const wanted = Object.fromEntries(
    Object.entries({ ...kept, ...args.options }).filter(([key]) => !args.absent_keys.includes(key)),
  );
  const refused = refuseHosts(wanted);
  if (refused) return refused;
  const differing = [...new Set([...Object.keys(found), ...Object.keys(wanted)])].filter(
    (key) => !isDeepStrictEqual(found[key], wanted[key]),
  );
  const changed = broken ? ['(all)'] : differing;
  const dropIn = dropInChange(wanted, state);
  const restarts = args.restart && !context.applied;
  const stale = restarts ? unread(args.options, state).filter(({ option }) => !changed.includes(option)) : [];
  if (changed.length === 0 && !dropIn && stale.length === 0 && !(restarts && state.daemon?.pending))
    return { kind: 'ok', result: { path: args.path, options: wanted, restarted: false } };
  return change(args, { wanted, changed, dropIn, stale }, state);
}

interface Change {
  wanted: Options;
  changed: string[];
  dropIn: { diff: Diff; step: Step } | undefined;
  /** What is right in the file, but not in the daemon. */
  stale: { option: string; live: unknown }[];
}

function change(args: Args, { wanted, changed, dropIn, stale }: Change, state: DaemonState): Decision<DaemonState> {
  const { path, restart, wait_timeout } = args;
  // The target of a link is managed elsewhere.
  const file = state.real ?? path;
  const text = Object.keys(wanted).length === 0 && file === path ? undefined : `${JSON.stringify(wanted, null, 2)}\n`;
  const diff: Diff[] =
    changed.length > 0
      ? [{ what: path, before: state.type === 'file' ? (state.content ?? '') : null, after: text ?? null }]
      : [];
  const restarts = restart && state.daemon?.running !== false;
  const reload =
    restarts && !dropIn && !state.daemon?.pending && reloadable([...changed, ...stale.map(({ option }) => option)]);
  if (dropIn) diff.push(dropIn.diff);
  diff.push(
    ...stale.map(({ option, live }) => ({
      what: `docker.service ${option}`,
      before: String(live),
      after: String(wanted[option]),
    })),
  );
  if (restarts)
    diff.push({ what: 'docker.service', before: 'with the old options', after: reload ? 'reloaded' : 'restarted' });
  const steps: Step[] = [];
  if (state.parent === 'absent') steps.push(run(argv('mkdir', '-p', posix.dirname(path))));
  if (changed.length > 0)
    steps.push(
      text === undefined ? run(sequence(keep(path, file), argv('rm', '-f', file))) : write(path, file, text, state),
    );
  if (dropIn) steps.push(dropIn.step);
  steps.push(run(restarts ? activate(path, file, reload, dropIn?.diff.before === null, wait_timeout) : forget(path)));
  const after: DaemonState =
    text === undefined ? { type: 'absent' } : { type: 'file', content: text, mode: state.mode ?? '0644' };
  return { kind: 'change', diff, steps, after, result: { path, options: wanted, restarted: restarts && !reload } };
}

/** A daemon.json with `hosts` and a unit with `-H` cannot both be: the drop-in comes with `hosts` and goes with it. */
function dropInChange(wanted: Options, { daemon }: DaemonState): Change['dropIn'] {
  const stripped = withoutHosts(daemon?.command);
  if ('hosts' in wanted && stripped) {
    const text = `# Written by xrun: \`hosts\` is in daemon.json, and Docker takes it from one place only.\n[Service]\nExecStart=\nExecStart=${stripped}\n`;
    return {
      diff: { what: DROP_IN, before: null, after: text },
      step: { do: 'put', file: { path: DROP_IN, content: Buffer.from(text), mode: '0644' } },
    };
  }
  if ('hosts' in wanted || !daemon?.dropIn) return undefined;
  return { diff: { what: DROP_IN, before: '(takes -H away)', after: null }, step: run(PUT_DROP_IN_AWAY) };
}

/** Without its socket the docker command on the host itself would no longer work. */
function refuseHosts({ hosts }: Options): Decision<DaemonState> | undefined {
  if (hosts === undefined || (Array.isArray(hosts) && hosts.some((one) => /^(unix|fd):/.test(String(one)))))
    return undefined;
  return {
    kind: 'fail',
    message: `hosts has no unix socket: found ${JSON.stringify(hosts)}`,
    hint: 'Add `unix:///var/run/docker.sock`, which the docker command on the host uses.',
  };
}

function write(path: string, file: string, text: string, state: DaemonState): Step {
  return {
    do: 'put',
    file: {
      path: file,
      content: Buffer.from(text),
      validate: sequence(VALIDATE, keep(path, file)),
      ...attributes(state),
    },
  };
}

function attributes({ type, mode, owner, group }: DaemonState) {
  if (type !== 'file') return { mode: '0644' };
  return { ...(mode && { mode }), ...(owner && { owner }), ...(group && { group }) };
}

function run(script: Script): Step {
  return { do: 'run', script };
}
