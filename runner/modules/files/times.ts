import { sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { text } from '../../model/arguments/scalars.ts';
import { beside, HOLD } from '../../connection/files/way.ts';
import type { Diff } from '../../model/events.ts';
import type { Decision, ProbeResult, Step } from '../../model/module.ts';
import type { FileState } from '../path/file-state.ts';

const FORMAT = '%Y%m%d%H%M.%S';

/** Arguments that set the times of a file. */
export const timeArgs = {
  modification_time: text
    .optional()
    .describe(
      '`now`: as if it had just been written; `preserve`: `touch` leaves it as it is; or a time of the host, `202612312359.59`.',
    ),
  modification_time_format: text
    .default(FORMAT)
    .describe('How `modification_time` is written: %Y, %m, %d, %H, %M and %S in any order, as in Python.'),
  access_time: text.optional().describe('The same for the time of the last reading.'),
  access_time_format: text.default(FORMAT).describe('How `access_time` is written.'),
};

interface Times {
  modification_time?: string | undefined;
  access_time?: string | undefined;
}
interface Formats {
  modification_time_format: string;
  access_time_format: string;
}
type Name = keyof Times;

const NAMES = ['modification_time', 'access_time'] as const;
const OPTION = { modification_time: '-m', access_time: '-a' };

/** What `touch` does to a file that is there. */
export const NOW: Times = { modification_time: 'now', access_time: 'now' };

/** What is wrong with the times that a task gives: an argument and a message each. */
export function timeRefusal(
  args: Times & Formats & { recurse: boolean; state?: string | undefined; src?: string | undefined },
): [string, string][] {
  const link = args.src !== undefined || args.state === 'link' || args.state === 'hard';
  return NAMES.flatMap((name): [string, string][] => {
    const value = args[name];
    if (value === undefined || value === 'preserve') return [];
    if (link) return [[name, `the times of a link are not managed: leave ${name} out`]];
    if (value === 'now') return [];
    if (args.recurse) return [[name, `recurse sets no times: leave ${name} out`]];
    if (posixTime(value, args[`${name}_format`]) !== undefined) return [];
    return [[name, `expected now, preserve, or a time that is written as ${args[`${name}_format`]}`]];
  });
}

/** The same decision, with the times set that are to be others. */
export function withTimes<State extends FileState>(
  decision: Decision<State>,
  args: Times & Formats,
  defaults: Times,
  target: string,
  state: State,
): Decision<State> {
  if (decision.kind !== 'ok' && decision.kind !== 'change') return decision;
  const settings = NAMES.flatMap((name) => setting(name, args[name] ?? defaults[name], args[`${name}_format`], state));
  if (settings.length === 0) return decision;
  const steps: Step[] = gathered(settings).map((options) => ({
    do: 'run',
    script: beside(target, sh`_touch ${options} "$n"`, HOLD),
  }));
  const diff = settings.map(({ name, shown }): Diff => ({
    what: `${target} ${name}`,
    before: (state as Partial<Shown>).times?.[name] ?? null,
    after: shown,
  }));
  // Behind all else: what gives a file its owner and its mode reads and writes it.
  if (decision.kind === 'change')
    return { ...decision, diff: [...decision.diff, ...diff], steps: [...decision.steps, ...steps] };
  return { kind: 'change', diff, steps, after: state, result: { dest: target, ...decision.result } };
}

function setting(name: Name, wanted: string | undefined, format: string, state: FileState & Partial<Shown>) {
  if (wanted === undefined || wanted === 'preserve') return [];
  if (wanted === 'now') return state.type === 'absent' ? [] : [{ name, shown: 'now', option: OPTION[name], time: '' }];
  const time = posixTime(wanted, format) as string;
  return state.times?.[name] === time ? [] : [{ name, shown: time, option: OPTION[name], time }];
}

/** The options of `touch`, for both times together where they are to be the same. */
function gathered(settings: { option: string; time: string }[]): string[] {
  const [first, second] = settings.map(({ option, time }) => `${option}${time && ` -t ${time}`}`);
  if (settings.length === 2 && settings[0]!.time === settings[1]!.time) return [first!.replace('-m', '-am')];
  return [first!, ...(second === undefined ? [] : [second])];
}

/** A time as POSIX `touch -t` takes it, `202612312359.59`, from one that is written as `format` says; undefined where it is not. */
function posixTime(value: string, format: string): string | undefined {
  const fields: string[] = [];
  const pattern = format.replace(/%([YmdHMS])|[^%\w]/g, (part, field: string | undefined) => {
    if (field === undefined) return `\\${part}`;
    fields.push(field);
    return field === 'Y' ? '(\\d{4})' : '(\\d{2})';
  });
  const found = new RegExp(`^${pattern}$`).exec(value);
  if (!found) return undefined;
  const part = Object.fromEntries(fields.map((field, i) => [field, found[i + 1] as string]));
  const { Y, m, d, H = '00', M = '00', S = '00' } = part;
  const iso = `${Y}-${m}-${d}T${H}:${M}:${S}`;
  const date = new Date(`${iso}Z`);
  const right = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso);
  return right ? `${Y}${m}${d}${H}${M}.${S}` : undefined;
}

/** The times of a file as its host shows them, in its time zone, in the form of `touch -t`. */
interface Shown {
  times: Record<Name, string>;
}

/** Whether a time is given that has to be compared with what the host shows. */
export function asksTimes(args: Times): boolean {
  return NAMES.some((name) => !['now', 'preserve', undefined].includes(args[name]));
}

/** Reads the times of the file behind what `probe` reads; {@link parseTimes} understands both. */
export function probeTimes(probe: Script, path: string, follow: boolean): Script {
  return sh`( ${probe} )||exit\n[ ! -e ${path} ]||{ echo @times; stat ${follow && '-L'} -c '%y//%x' -- ${path}; }`;
}

/** Adds what {@link probeTimes} read to the state. */
export function parseTimes<State extends FileState>(parse: (probe: ProbeResult) => State) {
  return (probe: ProbeResult): State => {
    const [rest = '', shown] = probe.stdout.split(/^@times\n/m);
    const state = parse({ ...probe, stdout: rest });
    if (shown === undefined) return state;
    const times = shown
      .split('//')
      .map((one) => one.replace(/^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d).*$/s, '$1$2$3$4$5.$6'));
    if (times.length !== 2) throw new Error(`stat printed '${shown}'`);
    return { ...state, times: { modification_time: times[0], access_time: times[1] } };
  };
}
