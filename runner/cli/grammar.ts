import { Argument, Command, Option } from 'commander';
import {
  CONNECTION_OPTIONS,
  INVENTORY_OPTIONS,
  OUTPUT_OPTIONS,
  RUN_OPTIONS,
} from '../model/options/command-options.ts';
import type { OptionName } from '../model/options/command-options.ts';
import type { VaultFlags } from './commands/vault.ts';
import type { Io } from './io.ts';
import { addOptions } from './options/options.ts';

/** Does a command: gets what commander parsed (arguments, then options) and returns the exit code. */
export type Work = (...parsed: never[]) => Promise<number>;

/** A command's grammar, and what does it; that is loaded when it is called. */
export interface CommandDefinition {
  command: Command;
  load: () => Promise<Work>;
  /** Help does not name it. */
  hidden?: boolean;
}

/** The commands of xrun, in the order of its help. */
export function commands(): CommandDefinition[] {
  return [
    { command: run(), load: async () => (await import('./commands/run.ts')).runCommand },
    { command: init(), load: async () => (await import('./commands/init.ts')).initCommand },
    { command: migrate(), load: async () => (await import('./commands/migrate.ts')).migrateCommand },
    { command: validate(), load: async () => (await import('./options/lookups.ts')).validateCommand },
    { command: exec(), load: async () => (await import('./commands/exec.ts')).execCommand },
    { command: console_(), load: async () => (await import('./console/console.ts')).consoleCommand },
    { command: inventory(), load: async () => (await import('./options/lookups.ts')).inventoryCommand },
    { command: vars(), load: async () => (await import('./commands/vars.ts')).varsCommand },
    { command: facts(), load: async () => (await import('./commands/facts.ts')).factsCommand },
    { command: doctor(), load: async () => (await import('./commands/doctor.ts')).doctorCommand },
    { command: modules(), load: async () => (await import('./commands/modules.ts')).modulesCommand },
    { command: helpers(), load: async () => (await import('./commands/helpers.ts')).helpersCommand },
    { command: config(), load: async () => (await import('./commands/config.ts')).configCommand },
    { command: completion(), load: async () => (await import('./commands/completion.ts')).completionCommand },
    { command: mergeReports(), load: async () => (await import('./commands/merge-reports.ts')).mergeReportsCommand },
    { command: schema(), load: async () => (await import('./options/lookups.ts')).schemaCommand },
    // What the program of `completion` calls.
    { command: complete(), hidden: true, load: async () => (await import('./commands/completion.ts')).completeCommand },
  ];
}

/** The commands of `xrun vault`. */
export function vaultCommands(): CommandDefinition[] {
  return (Object.keys(VAULT_WORKS) as (keyof typeof VAULT_WORKS)[]).map((work) => ({
    command: vault(work),
    load: async () => {
      const { vaultCommand } = await import('./commands/vault.ts');
      return (files: string[], flags: VaultFlags, io: Io) => vaultCommand(work, files, flags, io);
    },
  }));
}

function run(): Command {
  const command = new Command('run')
    .description('run playbooks; `xrun PLAYBOOK` is enough')
    .argument('<playbook...>', 'YAML files, run in order');
  return addOptions(command, RUN_OPTIONS);
}

function init(): Command {
  return new Command('init')
    .description('write a new project, which runs at once on this machine')
    .argument('[dir]', 'where; the working directory where it is not given');
}

function migrate(): Command {
  return new Command('migrate')
    .description("move an Ansible role, playbook or project over to xrun's templates and conditions")
    .argument('<path>', 'a directory, or one file')
    .addOption(new Option('--to <dir>', 'write everything to a new directory').conflicts(['inPlace', 'check']))
    .addOption(new Option('--in-place', 'replace the files; git must be able to bring them back').conflicts('check'))
    .option('--force', 'with --in-place: also what git cannot bring back')
    .option('-C, --check', 'write nothing; show what would change');
}

function validate(): Command {
  const command = new Command('validate')
    .description('check playbooks and inventory; no host is touched')
    .argument('<playbook...>', 'YAML files');
  return addOptions(command, INVENTORY_OPTIONS);
}

function exec(): Command {
  const command = new Command('exec')
    .description('run one command, or one module, on many hosts')
    .argument('<pattern>', 'hosts and groups: web, web:!db, web[0]')
    .argument('[command...]', 'after --; one text is shell text, several words are a program and its arguments')
    .usage('[options] <pattern> (-- <command...> | -m <module> [-a <args>])');
  const own = ['module', 'args', 'check', 'diff', 'forks'] as const;
  return addOptions(command, [...own, ...INVENTORY_OPTIONS, ...CONNECTION_OPTIONS, ...OUTPUT_OPTIONS]);
}

function console_(): Command {
  const command = new Command('console')
    .description('run modules and commands on hosts, one after the other, from a prompt')
    .argument('[pattern]', 'hosts and groups to begin with', 'all');
  const own = ['check', 'diff', 'forks'] as const;
  return addOptions(command, [...own, ...INVENTORY_OPTIONS, ...CONNECTION_OPTIONS, ...OUTPUT_OPTIONS]);
}

function inventory(): Command {
  const command = new Command('inventory').description('list groups and hosts');
  return addOptions(command, ['graph', 'json', 'reveal', ...INVENTORY_OPTIONS], {
    json: 'with variables, as Ansible prints it',
    reveal: 'with --json: show secrets too',
  });
}

function vars(): Command {
  const command = new Command('vars')
    .description("list a host's variables and where they come from")
    .argument('<host>', 'a name of the inventory');
  return addOptions(command, ['explain', 'json', 'reveal', ...INVENTORY_OPTIONS], { json: 'values only, as JSON' });
}

function facts(): Command {
  const command = new Command('facts')
    .description('gather the facts of a host and print them as YAML')
    .argument('<host>', 'a name of the inventory');
  return addOptions(command, ['json', ...INVENTORY_OPTIONS, ...CONNECTION_OPTIONS]);
}

function doctor(): Command {
  const command = new Command('doctor')
    .description('check what runs need, on this machine and on hosts, and say how to repair it; nothing is changed')
    .argument('[pattern]', 'hosts and groups', 'all');
  return addOptions(command, ['json', 'forks', ...INVENTORY_OPTIONS, ...CONNECTION_OPTIONS]);
}

function modules(): Command {
  const command = new Command('modules').description('list modules, or read about one').argument('[name]', 'a module');
  return addOptions(command, ['json', 'color']);
}

function helpers(): Command {
  const command = new Command('helpers')
    .description('list the helpers of templates and conditions, or read about one')
    .argument('[name]', 'a helper');
  return addOptions(command, ['json', 'color']);
}

const VAULT_WORKS = {
  encrypt: { what: 'encrypt files; - reads stdin and prints', own: ['name', 'vault-id'] },
  decrypt: { what: 'decrypt files', own: [] },
  view: { what: 'print what files hold', own: [] },
  edit: { what: 'edit files in $EDITOR', own: [] },
  rekey: { what: 'change the password of files', own: ['new-vault-password-file', 'vault-id'] },
} as const satisfies Record<string, { what: string; own: OptionName[] }>;

function vault(work: keyof typeof VAULT_WORKS): Command {
  const { what, own } = VAULT_WORKS[work];
  const command = new Command(work).description(what).argument('<file...>', 'files');
  return addOptions(command, ['vault-password-file', 'ask-vault-pass', ...own], {
    'vault-password-file': 'a file with the password, or a program that prints it; else it is asked for',
    'ask-vault-pass': 'ask for a password',
  });
}

function config(): Command {
  const command = new Command('config')
    .description('print the values of the options: command line, environment, configuration')
    .argument('[playbook...]', 'the configuration above the first is read; else that above the working directory')
    .option('--explain', 'with where each value comes from');
  return addOptions(command, ['json', 'reveal', ...RUN_OPTIONS], { reveal: 'show variables of --extra-vars, too' });
}

function completion(): Command {
  return new Command('completion')
    .description('print the program by which a shell completes command lines of xrun')
    .addArgument(new Argument('<shell>', 'the shell that reads it').choices(['bash', 'zsh', 'fish']));
}

function complete(): Command {
  return new Command('complete').argument('[words...]', 'the command line until now, after --');
}

function mergeReports(): Command {
  const command = new Command('merge-reports')
    .description('show the runs of all shards as one, and write its reports')
    .argument('<dir>', 'where the files are that they have written with --jsonl');
  return addOptions(command, ['detailed-exitcode', 'color', ...OUTPUT_OPTIONS]);
}

function schema(): Command {
  return new Command('schema')
    .description('print a JSON Schema for editors')
    .addArgument(
      new Argument('<of>', 'what it is the schema of').choices(['playbook', 'inventory', 'config', 'events']),
    );
}
