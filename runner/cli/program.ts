import { Command, InvalidArgumentError, Option } from 'commander';
import { OUTPUTS } from './flags.ts';
import type { RunFlags } from './flags.ts';
import type { Io } from './io.ts';

/** Called with a command's exit code. */
type Done = (code: number) => void;

/** The command line's grammar. Each command's work is loaded when the command is called. */
export function program(io: Io, version: string, done: Done): Command {
  const root = new Command('xrun')
    .description('Run playbooks on hosts over SSH; targets need nothing but sshd and sh.')
    .version(version, '-V, --version', 'print the version')
    .showSuggestionAfterError()
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false });
  root.addCommand(runCommand(io, done), { isDefault: true });
  return root;
}

function runCommand(io: Io, done: Done): Command {
  const command = new Command('run')
    .description('run playbooks (the default: `xrun PLAYBOOK` is enough)')
    .argument('<playbook...>', 'YAML files, run in order')
    .addOption(new Option('-t, --tags <tags>', 'only tasks with one of these tags').argParser(commas).default([], 'all'))
    .addOption(new Option('--skip-tags <tags>', 'leave tasks with one of these tags out').argParser(commas).default([], 'none'))
    .addOption(new Option('-f, --forks <n>', 'hosts at a time (50)').argParser(positive))
    .option('-C, --check', 'change nothing; say what would change')
    .option('-D, --diff', 'show what changes, before and after')
    .option('--detailed-exitcode', 'with --check: exit 3 when something would change')
    .option('--list-hosts', 'list the hosts of each play and leave')
    .option('--list-tasks', 'list the tasks of each play and leave')
    .option('--list-tags', 'list the tags of each play and leave')
    .option('--start-at-task <name>', 'begin at the task of this name')
    .option('--step', 'ask before each task');
  inventoryOptions(command);
  connectionOptions(command);
  outputOptions(command);
  return command.action(async (playbooks: string[], flags: RunFlags) => {
    const { runCommand } = await import('./run.ts');
    done(await runCommand(playbooks, flags, io));
  });
}

function inventoryOptions(command: Command): Command {
  return command
    .addOption(new Option('-i, --inventory <path>', 'inventory: a file, a directory or a program; several may be given').argParser(append).default([], 'none'))
    .option('-l, --limit <pattern>', 'only hosts that match')
    .addOption(new Option('-e, --extra-vars <vars>', 'k=v, JSON, YAML or @file; stronger than all other variables').argParser(append).default([], 'none'))
    .addOption(new Option('--vault-password-file <file>', 'a file with a vault password, or a program that prints it').argParser(append).default([], 'none'))
    .option('-J, --ask-vault-pass', 'ask for a vault password');
}

function connectionOptions(command: Command): Command {
  return command
    .option('-u, --user <name>', 'log in as')
    .option('--private-key <file>', 'log in with this key')
    .option('-k, --ask-pass', 'ask for the SSH password')
    .option('-b, --become', 'run tasks as another user (root)')
    .option('--become-user <name>', 'the other user')
    .addOption(new Option('--become-method <method>', 'how to become the other user').choices(['sudo', 'su', 'doas']))
    .option('-K, --ask-become-pass', 'ask for the password that becoming wants')
    .option('--ssh-config <file>', 'instead of ~/.ssh/config')
    .option('--known-hosts <file>', 'instead of ~/.ssh/known_hosts')
    .option('--accept-new', 'trust the keys of hosts that are not known yet; changed keys stay errors')
    .addOption(new Option('--timeout <seconds>', 'for connecting').argParser(positive));
}

function outputOptions(command: Command): Command {
  return command
    .addOption(new Option('-o, --output <kind>', 'how stdout looks (live on a terminal, else plain; github in its actions)').choices(OUTPUTS))
    .addOption(new Option('--junit <file>', 'write JUnit XML').argParser(append).default([], 'none'))
    .addOption(new Option('--report <file>', 'write one HTML page').argParser(append).default([], 'none'))
    .addOption(new Option('--jsonl <file>', 'write one JSON event a line').argParser(append).default([], 'none'))
    .addOption(new Option('-v, --verbose', 'show results; -vv: and commands; -vvv: and places and times').argParser(count).default(0, 'quiet'))
    .option('--no-color', 'no colours (also: NO_COLOR)');
}

function append(value: string, before: string[]): string[] {
  return [...before, value];
}

function commas(value: string, before: string[]): string[] {
  return [...before, ...value.split(',').map((tag) => tag.trim()).filter(Boolean)];
}

function count(_value: unknown, before: number): number {
  return before + 1;
}

function positive(value: string): number {
  const number = Number(value);
  if (!Number.isFinite(number) || number <= 0) throw new InvalidArgumentError('It must be a number above 0.');
  return number;
}
