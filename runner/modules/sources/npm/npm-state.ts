import { argv, sequence, sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { splitWords } from '../../../model/words.ts';
import { printedJson } from '../../shared/json.ts';
import { sections } from '../../shared/sections.ts';
import { isExact, isRegistryName, tagOf } from './npm-args.ts';
import type { NpmArgs } from './npm-args.ts';

/** A package as `npm list` and `npm outdated` print it. */
interface Listed {
  version?: string;
  missing?: boolean;
  invalid?: boolean | string;
  required?: string | { version?: string };
  current?: string;
  wanted?: string;
}

interface Printed {
  error?: { summary?: string; code?: string };
  dependencies?: Record<string, Listed>;
}

/** What is installed. */
export interface NpmState {
  /** The project has a package.json. */
  project: boolean;
  /** Versions by name. */
  installed: Record<string, string>;
  /** What package.json asks for and is missing, or is of another version: the wanted range by name. */
  wrong: Record<string, string>;
  /** The newest version that is wanted: of the named package, or of those of a project that are older. */
  newest: Record<string, string>;
  /** Whether what is installed is within the range that the task names. */
  inRange?: boolean;
}

/** The words of npm with the options that all its commands get. */
export function npmCommand(args: NpmArgs, ...words: string[]): Script {
  const { executable, global, registry, production } = args;
  return argv(
    splitWords(executable),
    words,
    global && '--global',
    // npm 6 knows only the second of these, and later ones the first.
    production && ['--omit=dev', '--production'],
    registry !== undefined && ['--registry', registry],
  );
}

/** Asks npm, which answers with 1 where something differs, and keeps no logs of it. */
export function probeNpm(args: NpmArgs): Script {
  const { path, name, version, state } = args;
  const tag = tagOf(args);
  const ask = (title: string, command: Script) =>
    sh`echo ${`@@${title}`}; ${command} || { r=$?; [ $r = 1 ] || exit $r; }; echo`;
  const asks = [
    ask('list', npmCommand(args, 'list', '--json', '--depth=0')),
    name !== undefined &&
      tag !== undefined &&
      state !== 'absent' &&
      isRegistryName(name) &&
      ask('newest', npmCommand(args, 'view', `${name}@${tag}`, 'version', '--json')),
    name !== undefined &&
      version !== undefined &&
      tag === undefined &&
      !isExact(version) &&
      ask('range', npmCommand(args, 'list', `${name}@${version}`, '--json', '--depth=0')),
    name === undefined && state === 'latest' && ask('outdated', npmCommand(args, 'outdated', '--json')),
  ].filter((one) => one !== false);
  const quiet = sh`export npm_config_logs_max=0 npm_config_update_notifier=false`;
  if (path === undefined) return sequence(quiet, ...asks);
  return sh`${quiet}
if [ ! -e ${path} ]; then echo @@none; else cd ${path} || exit; [ ! -f package.json ] || echo @@project
${sequence(...asks)}
fi`;
}

/** What {@link probeNpm} printed. Throws an Error where it is not complete, or where npm itself failed. */
export function parseNpm(stdout: string, { name = '' }: NpmArgs): NpmState {
  const found = sections(stdout);
  const state: NpmState = { project: found.has('project'), installed: {}, wrong: {}, newest: {} };
  if (found.has('none')) return state;
  for (const [key, one] of Object.entries(printed(found, 'list').dependencies ?? {})) {
    if (one.missing || one.invalid) state.wrong[key] = rangeOf(one);
    if (one.version !== undefined && !one.missing) state.installed[key] = one.version;
  }
  if (found.has('newest')) state.newest[name] = String(printed(found, 'newest'));
  if (found.has('range')) state.inRange = printed(found, 'range').dependencies?.[name]?.version !== undefined;
  if (found.has('outdated')) Object.assign(state.newest, outdated(found));
  return state;
}

function outdated(found: ReadonlyMap<string, string>): Record<string, string> {
  if (found.get('outdated') === '') return {};
  const all = Object.entries(printed(found, 'outdated') as Record<string, Listed>);
  return Object.fromEntries(
    all.flatMap(([key, one]) => (one.wanted && one.wanted !== one.current ? [[key, one.wanted]] : [])),
  );
}

function printed(found: ReadonlyMap<string, string>, title: string): Printed {
  const answer = printedJson<Printed>(found.get(title) ?? '', 'npm');
  // `npm list` has its problems elsewhere too; an answer that is only an error is none.
  if (answer.error && answer.error.code !== 'ELSPROBLEMS' && answer.dependencies === undefined)
    throw new Error(`npm failed: ${answer.error.summary || answer.error.code || 'it does not say why'}`);
  return answer;
}

function rangeOf({ required }: Listed): string {
  return typeof required === 'string' ? required : (required?.version ?? 'as package.json says');
}
