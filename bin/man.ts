import type { Argument, Command } from 'commander';
import { OPTIONS, definitionOf, variableOf } from '../runner/model/options/command-options.ts';
import type { OptionName } from '../runner/model/options/command-options.ts';

/** The manual page xrun(1), in roff: every command and every option as the command line has them. */
export function manPage(root: Command): string {
  const all = leaves(root);
  const names = Object.keys(OPTIONS) as OptionName[];
  return [
    `.TH XRUN 1 "" "xrun ${root.version()}" "User Commands"`,
    '.SH NAME',
    `xrun \\- ${text(root.description())}`,
    '.SH SYNOPSIS',
    '.B xrun\n[\\fIoptions\\fR] \\fIPLAYBOOK\\fR...',
    '.br\n.B xrun\n\\fICOMMAND\\fR [\\fIoptions\\fR] ...',
    '.SH COMMANDS',
    ...all.map(({ path, command }) => entry(`${bold(path)}${argumentsOf(command)}`, command.description())),
    '.SH OPTIONS',
    'A configuration may have a value for each, with _ for \\- in its name. The environment variable is named with it.',
    ...names.map((name) => optionEntry(name, all)),
    '.SH EXIT STATUS',
    ...EXIT_STATUS.map(([code, meaning]) => entry(bold(code), meaning)),
    '.SH FILES',
    ...FILES.map(([file, meaning]) => entry(bold(file), meaning)),
    '.SH SEE ALSO',
    '.BR ssh (1),\n.BR ssh_config (5)',
    '',
  ].join('\n');
}

const EXIT_STATUS = [
  ['0', 'All hosts are fine.'],
  ['1', 'A host failed or was unreachable.'],
  ['2', 'Usage, playbook, inventory or configuration: nothing was touched.'],
  ['3', 'With --detailed-exitcode: something changed or would.'],
  ['4', 'With --detailed-exitcode: what a task would do is unknown.'],
  ['130', 'Interrupted.'],
] as const;

const FILES = [
  ['xrun.config.yml', 'The configuration: the nearest above the playbook. xrun config --explain shows what it does.'],
  ['.xrun/', 'State of runs, beside the playbook; XRUN_STATE_DIR is another place.'],
  ['~/.ssh/config, ~/.ssh/known_hosts', 'How hosts are reached, and their keys.'],
] as const;

interface Leaf {
  path: string;
  command: Command;
}

function leaves(command: Command, path = 'xrun'): Leaf[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((sub) => sub.name() !== 'help')
    .flatMap((sub) => {
      const below = leaves(sub, `${path} ${sub.name()}`);
      return below.length > 0 ? below : [{ path: `${path} ${sub.name()}`, command: sub }];
    });
}

function argumentsOf(command: Command): string {
  return command.registeredArguments.map((argument) => ` ${shownArgument(argument)}`).join('');
}

function shownArgument(argument: Argument): string {
  const name = `\\fI${text(argument.name().toUpperCase())}\\fR${argument.variadic ? '...' : ''}`;
  return argument.required ? name : `[${name}]`;
}

function optionEntry(name: OptionName, all: readonly Leaf[]): string {
  const { short, value, summary, negated } = definitionOf(name);
  const long = `--${negated ? 'no-' : ''}${name}`;
  const flags = [...(short ? [bold(`-${short}`)] : []), bold(long)].join(', ');
  const users = all.filter(({ command }) => command.options.some((option) => option.long === long && !option.hidden));
  const where = users.map(({ path }) => path.replace('xrun ', '')).join(', ');
  return entry(
    `${flags}${value ? ` \\fI${text(value)}\\fR` : ''}`,
    `${sentence(summary)} Commands: ${where}. ${variableOf(name)}`,
  );
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

function entry(head: string, body: string): string {
  return `.TP\n${head}\n${text(body)}`;
}

function bold(words: string): string {
  return `\\fB${text(words)}\\fR`;
}

/** Text that roff shows as it is. */
function text(plain: string): string {
  return plain
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/^(?=[.'])/gm, '\\&');
}
