import { Option } from 'commander';
import type { Command } from 'commander';
import { OUTPUTS } from './flags.ts';
import { append, count, positive } from './option-values.ts';

/** Options of commands that read an inventory. */
export function inventoryOptions(command: Command): Command {
  command
    .addOption(
      new Option('-i, --inventory <path>', 'inventory: a file, a directory, a program, or host,host')
        .argParser(append)
        .default([], ''),
    )
    .option('-l, --limit <pattern>', 'only hosts that match, or @FILE with one a line')
    .addOption(
      new Option('-e, --extra-vars <vars>', 'k=v, JSON, YAML or @file; stronger than all other variables')
        .argParser(append)
        .default([], ''),
    )
    .addOption(
      new Option('--vault-password-file <file>', 'a file with a vault password, or a program that prints it')
        .argParser(append)
        .default([], ''),
    )
    .option('-J, --ask-vault-pass', 'ask for a vault password');
  return lookOptions(command);
}

/** Options of `xrun vault`, by what is done. */
export function vaultOptions(command: Command, work: string): Command {
  command
    .addOption(
      new Option(
        '--vault-password-file <file>',
        'a file with the password, or a program that prints it; else it is asked for',
      )
        .argParser(append)
        .default([], ''),
    )
    .option('-J, --ask-vault-pass', 'ask for a password');
  if (work === 'encrypt') command.option('--name <name>', 'print or write it as a variable: NAME: !vault ...');
  if (work === 'rekey') command.option('--new-vault-password-file <file>', 'the same for the new password');
  if (work === 'encrypt' || work === 'rekey')
    command.option('--vault-id <id>', 'a name for the password, written into the file');
  return command;
}

/** Options of commands that log in. */
export function connectionOptions(command: Command): Command {
  return command
    .option('-u, --user <name>', 'log in as')
    .option('--private-key <file>', 'log in with this key')
    .option('-k, --ask-pass', 'ask for the SSH password')
    .option('-b, --become', 'run tasks as another user (root)')
    .option('--become-user <name>', 'the other user')
    .addOption(new Option('--become-method <method>', 'how to become the other user').choices(['sudo', 'su', 'doas']))
    .option('-K, --ask-become-pass', 'ask for the become password')
    .option('--ssh-config <file>', 'instead of ~/.ssh/config')
    .option('--known-hosts <file>', 'instead of ~/.ssh/known_hosts')
    .option('--accept-new', 'trust the keys of hosts that are not known yet; changed keys stay errors')
    .addOption(new Option('--timeout <seconds>', 'for connecting').argParser(positive));
}

/** Options of commands that run something. */
export function outputOptions(command: Command): Command {
  return command
    .option(
      '-o, --output <kind>',
      `how stdout looks: ${OUTPUTS.join(', ')} or a plugin's reporter; live on a terminal, github in its actions, else plain`,
    )
    .addOption(new Option('--junit <file>', 'write JUnit XML').argParser(append).default([], ''))
    .addOption(new Option('--report <file>', 'write one HTML page').argParser(append).default([], ''))
    .addOption(new Option('--jsonl <file>', 'write one JSON event a line').argParser(append).default([], ''))
    .addOption(
      new Option('-v, --verbose', 'show results; -vv: and commands; -vvv: and places and times')
        .argParser(count)
        .default(0, 'quiet'),
    );
}

/** Options of every command that prints for people. */
export function lookOptions(command: Command): Command {
  return command.option('--no-color', 'no colours (also: NO_COLOR)');
}
