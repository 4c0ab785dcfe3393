import * as z from 'zod';
import { flag, path, text as word, words } from '../../../../model/arguments/scalars.ts';
import { splitWords } from '../../../../model/words.ts';
import { dictionary } from '../../api/labels.ts';
import { cleanPath } from '../../values/mounts.ts';
import { flagged, list, record, text } from './attribute.ts';
import type { Attribute, Parsed } from './attribute.ts';

/** A command as a list of words, or as one line that is split at blanks. */
export const commandWords = z.union([z.string(), z.array(word)]).transform((value, issues) => {
  if (Array.isArray(value)) return value;
  try {
    return splitWords(value);
  } catch (error) {
    issues.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

/** What runs in a container, and as whom. */
export const processArgs = {
  command: commandWords
    .optional()
    .describe("Command and its arguments: a list, or one text that is split as a shell would; empty: the image's."),
  entrypoint: commandWords.optional().describe("Instead of the image's entrypoint; an empty list: none."),
  user: word.optional().describe("User, by name or number; empty: the image's."),
  groups: words.optional().describe('All further groups of the process, by name or number.'),
  working_dir: word.optional().describe("Directory the command starts in; empty: the image's."),
  env: dictionary.optional().describe("Environment; variables of the image's that are not named stay."),
  env_file: path.optional().describe('File on the host with lines `NAME=VALUE` for the environment; `env` goes first.'),
  labels: dictionary.optional().describe('Labels; others that are set stay.'),
  tty: flag.optional().describe('A terminal.'),
  interactive: flag.optional().describe('Keep stdin open.'),
  init: flag.optional().describe('A small init as first process.'),
  stop_signal: word.optional().describe('Signal that asks the process to end, `SIGTERM` or a number.'),
  stop_timeout: z
    .union([z.int().min(-1), z.string().regex(/^-?\d+$/)], 'expected seconds')
    .transform(Number)
    .optional()
    .describe('Seconds that it gets for that; Docker allows 10 where not given.'),
};

export type ProcessArgs = Parsed<typeof processArgs>;

const pairs = (values: Record<string, string>) => Object.entries(values).map(([name, value]) => `${name}=${value}`);
const variables = (value: unknown) =>
  Object.fromEntries(
    list(value).map((one) => {
      const at = one.indexOf('=');
      return at === -1 ? [one, ''] : [one.slice(0, at), one.slice(at + 1)];
    }),
  );

export const PROCESS: Attribute<ProcessArgs>[] = [
  { arg: 'command', in: 'Config', key: 'Cmd', kind: 'list', canon: list, image: 'Cmd' },
  { arg: 'entrypoint', in: 'Config', key: 'Entrypoint', kind: 'list', canon: list },
  { arg: 'user', in: 'Config', key: 'User', kind: 'value', canon: text, image: 'User' },
  { arg: 'groups', in: 'HostConfig', key: 'GroupAdd', kind: 'set', canon: list },
  {
    arg: 'working_dir',
    in: 'Config',
    key: 'WorkingDir',
    kind: 'value',
    canon: (value) => (value ? cleanPath(value) : ''),
    image: 'WorkingDir',
  },
  { arg: 'env', in: 'Config', key: 'Env', kind: 'dictionary', more: true, api: pairs, canon: variables, image: 'Env' },
  { arg: 'labels', in: 'Config', key: 'Labels', kind: 'dictionary', more: true, canon: record, image: 'Labels' },
  { arg: 'tty', in: 'Config', key: 'Tty', kind: 'value', canon: flagged },
  { arg: 'interactive', in: 'Config', key: 'OpenStdin', kind: 'value', canon: flagged },
  { arg: 'init', in: 'HostConfig', key: 'Init', kind: 'value', canon: flagged },
  { arg: 'stop_signal', in: 'Config', key: 'StopSignal', kind: 'value', canon: signalName, image: 'StopSignal' },
  { arg: 'stop_timeout', in: 'Config', key: 'StopTimeout', kind: 'value', canon: (value) => value ?? 10 },
];

/** Signals whose numbers people write, as Linux numbers them. */
const SIGNALS: Record<string, string> = {
  1: 'HUP',
  2: 'INT',
  3: 'QUIT',
  6: 'ABRT',
  9: 'KILL',
  10: 'USR1',
  12: 'USR2',
  15: 'TERM',
  28: 'WINCH',
};

/** One name for a signal: `SIGTERM`, `term` and `15` are the same, and so is none. */
export function signalName(value: unknown): string {
  const name = text(value).toUpperCase().replace(/^SIG/, '') || 'TERM';
  return `SIG${SIGNALS[name] ?? name}`;
}
