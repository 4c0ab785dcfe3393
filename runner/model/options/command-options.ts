/** An option of the command line. It is also a key of the configuration and an environment variable, see {@link keyOf}. */
export interface OptionDefinition {
  short?: string;
  summary: string;
  /** What help calls its value. An option without it is a switch. */
  value?: string;
  /** What its value must be, where text is not enough. `count`: how often a switch is given. */
  of?: 'count' | 'whole' | 'number' | 'variables';
  choices?: readonly string[];
  /** It may be given several times; `commas`: with several values between commas, too. */
  many?: 'append' | 'commas';
  /** The part of a value that is the path of a file. */
  path?: RegExp;
  /** `--no-NAME` is the option, and what it is named for is the default. */
  negated?: true;
  /** The default, in words. */
  preset?: string;
  /** An option that cannot be given beside it. */
  conflicts?: string;
}

/** How a run looks on stdout, without the reporters of plugins. */
export const OUTPUTS = ['live', 'plain', 'jsonl', 'github'] as const;

const WHOLE_PATH = /^.+$/s;
const PATH_AFTER_AT = /(?<=^@).+/s;

/**
 * Every option that the command line has, by its long name. Help, the configuration and its JSON Schema, environment
 * variables, shell completion and the manual page are made from it.
 */
export const OPTIONS = {
  inventory: {
    short: 'i',
    value: 'path',
    many: 'append',
    path: /^[^,]+$/s,
    summary: 'inventory: a file, a directory, a program, or host,host',
  },
  limit: {
    short: 'l',
    value: 'pattern',
    path: PATH_AFTER_AT,
    summary: 'only hosts that match, or @FILE with one a line',
  },
  'extra-vars': {
    short: 'e',
    value: 'vars',
    of: 'variables',
    many: 'append',
    path: PATH_AFTER_AT,
    summary: 'k=v, JSON, YAML or @file; stronger than all other variables',
  },
  'vault-password-file': {
    value: 'file',
    many: 'append',
    path: WHOLE_PATH,
    summary: 'a file with a vault password, or a program that prints it',
  },
  'ask-vault-pass': { short: 'J', summary: 'ask for a vault password' },
  color: { negated: true, summary: 'no colours (also: NO_COLOR)' },
  user: { short: 'u', value: 'name', summary: 'log in as' },
  'private-key': { value: 'file', path: WHOLE_PATH, summary: 'log in with this key' },
  'ask-pass': { short: 'k', summary: 'ask for the SSH password' },
  become: { short: 'b', summary: 'run tasks as another user (root)' },
  'become-user': { value: 'name', summary: 'the other user' },
  'become-method': { value: 'method', choices: ['sudo', 'su', 'doas'], summary: 'how to become the other user' },
  'ask-become-pass': { short: 'K', summary: 'ask for the become password' },
  'ssh-config': { value: 'file', path: WHOLE_PATH, summary: 'instead of ~/.ssh/config' },
  'known-hosts': { value: 'file', path: WHOLE_PATH, summary: 'instead of ~/.ssh/known_hosts' },
  'accept-new': { summary: 'trust the keys of hosts that are not known yet; changed keys stay errors' },
  timeout: { value: 'seconds', of: 'number', summary: 'for connecting' },
  output: {
    short: 'o',
    value: 'kind',
    summary: `how stdout looks: ${OUTPUTS.join(', ')} or a plugin's reporter; live on a terminal, github in its actions, else plain`,
  },
  junit: { value: 'file', many: 'append', path: WHOLE_PATH, summary: 'write JUnit XML' },
  report: { value: 'file', many: 'append', path: WHOLE_PATH, summary: 'write one HTML page' },
  jsonl: { value: 'file', many: 'append', path: WHOLE_PATH, summary: 'write one JSON event a line' },
  verbose: {
    short: 'v',
    of: 'count',
    summary: 'show results and output; -vv: and commands; -vvv: and places and times',
  },
  quiet: { short: 'q', summary: 'show only what failed, warnings and the recap' },
  tags: { short: 't', value: 'tags', many: 'commas', preset: 'all', summary: 'only tasks with one of these tags' },
  'skip-tags': { value: 'tags', many: 'commas', preset: 'none', summary: 'leave tasks with one of these tags out' },
  forks: { short: 'f', value: 'n', of: 'whole', summary: 'hosts at a time (50)' },
  check: { short: 'C', summary: 'change nothing; say what would change' },
  diff: { short: 'D', summary: 'show what changes, before and after' },
  'detailed-exitcode': { summary: 'exit 3 when something changed or would, 4 when that is only unknown' },
  'force-handlers': { summary: 'run notified handlers on hosts that failed, too' },
  'retry-failed': {
    conflicts: 'limit',
    summary: 'only hosts that failed or were unreachable in the last run',
  },
  shard: {
    value: 'k/n',
    summary: 'only this part of the hosts, from 1/n; auto, auto/n: the part of this job of a job array',
  },
  'shard-by': {
    value: 'what',
    choices: ['host', 'group'],
    summary: 'what stays in one shard: hosts that share a group',
  },
  'list-hosts': { summary: 'list the hosts of each play and leave' },
  'list-tasks': { summary: 'list the tasks of each play and leave' },
  'list-tags': { summary: 'list the tags of each play and leave' },
  'start-at-task': { value: 'name', summary: 'begin at the task of this name' },
  step: { summary: 'ask before each task' },
  module: { short: 'm', value: 'name', summary: 'the module to run instead of a command' },
  args: {
    short: 'a',
    value: 'args',
    summary: 'its arguments: key=value words, its free form, or a JSON or YAML mapping',
  },
  graph: { summary: 'as a tree' },
  json: { summary: 'as JSON' },
  reveal: { summary: 'show secrets too' },
  explain: { value: 'name', summary: 'every value this variable could have, and which one wins' },
  name: { value: 'name', summary: 'print or write it as a variable: NAME: !vault ...' },
  'new-vault-password-file': { value: 'file', path: WHOLE_PATH, summary: 'the same for the new password' },
  'vault-id': { value: 'id', summary: 'a name for the password, written into the file' },
} as const satisfies Record<string, OptionDefinition>;

export type OptionName = keyof typeof OPTIONS;

/** Options that many commands have. */
export const INVENTORY_OPTIONS = [
  'inventory',
  'limit',
  'extra-vars',
  'vault-password-file',
  'ask-vault-pass',
  'color',
] as const satisfies OptionName[];
export const CONNECTION_OPTIONS = [
  'user',
  'private-key',
  'ask-pass',
  'become',
  'become-user',
  'become-method',
  'ask-become-pass',
  'ssh-config',
  'known-hosts',
  'accept-new',
  'timeout',
] as const satisfies OptionName[];
export const OUTPUT_OPTIONS = [
  'output',
  'junit',
  'report',
  'jsonl',
  'verbose',
  'quiet',
] as const satisfies OptionName[];
export const RUN_OPTIONS = [
  'tags',
  'skip-tags',
  'forks',
  'check',
  'diff',
  'detailed-exitcode',
  'force-handlers',
  'retry-failed',
  'shard',
  'shard-by',
  'list-hosts',
  'list-tasks',
  'list-tags',
  'start-at-task',
  'step',
  ...INVENTORY_OPTIONS,
  ...CONNECTION_OPTIONS,
  ...OUTPUT_OPTIONS,
] as const satisfies OptionName[];

/** An option's definition, whatever it has. */
export function definitionOf(name: OptionName): OptionDefinition {
  return OPTIONS[name];
}

/** How the configuration spells an option: `private_key`. */
export function keyOf(name: string): string {
  return name.replaceAll('-', '_');
}

/** The environment variable of an option: `XRUN_PRIVATE_KEY`. */
export function variableOf(name: string): string {
  return `XRUN_${keyOf(name).toUpperCase()}`;
}
