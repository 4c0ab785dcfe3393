import { Argument, Command, Option } from 'commander';
import type { Io } from './io.ts';
import { connectionOptions, inventoryOptions, lookOptions, outputOptions, vaultOptions } from './options/options.ts';
import { commas, whole } from './options/option-values.ts';
import type { VaultFlags } from './commands/vault.ts';

/** Does a command: gets what commander parsed (arguments, then options) and returns the exit code. */
type Work = (...parsed: never[]) => Promise<number>;

/** The command line's grammar. What a command does is loaded when it is called. */
export function program(io: Io, version: string, done: (code: number) => void): Command {
  const root = new Command('xrun')
    .description('Run playbooks on hosts over SSH. Targets need nothing but sshd and sh.')
    .usage('[command] [options] PLAYBOOK...')
    .version(version, '-V, --version', 'print the version')
    .showSuggestionAfterError()
    .addHelpText('after', examples);
  const add = (command: Command, load: () => Promise<Work>, isDefault = false) => {
    command.action(async (...parsed) => {
      const work = (await load()) as (...all: unknown[]) => Promise<number>;
      // Commander adds the command as the last.
      done(await work(...parsed.slice(0, -1), io, parsed.at(-1)));
    });
    root.addCommand(command, { isDefault });
  };
  add(run(), async () => (await import('./commands/run.ts')).runCommand, true);
  add(init(), async () => (await import('./commands/init.ts')).initCommand);
  add(validate(), async () => (await import('./options/lookups.ts')).validateCommand);
  add(exec(), async () => (await import('./commands/exec.ts')).execCommand);
  add(inventory(), async () => (await import('./options/lookups.ts')).inventoryCommand);
  add(vars(), async () => (await import('./commands/vars.ts')).varsCommand);
  add(facts(), async () => (await import('./commands/facts.ts')).factsCommand);
  add(modules(), async () => (await import('./commands/modules.ts')).modulesCommand);
  add(helpers(), async () => (await import('./commands/helpers.ts')).helpersCommand);
  add(schema(), async () => (await import('./options/lookups.ts')).schemaCommand);
  root.addCommand(vault(io, done));
  return root;
}

const examples = `
Examples:
  xrun init demo                                     write a project to start from
  xrun site.yml -i inventory/prod.yml                run a playbook
  xrun site.yml -i inventory/prod.yml --check --diff say what it would change
  xrun exec web -i inventory/prod.yml -- uptime      run one command
  xrun exec web -m service -a 'name=ssh state=started'   run one module
  xrun modules copy                                  read about a module

Exit codes: 0 all hosts fine; 1 a host failed or was unreachable; 2 usage, playbook or inventory error;
with --detailed-exitcode 3 something changed or would, 4 only unknown; 130 interrupted.`;

function run(): Command {
  const command = new Command('run')
    .description('run playbooks; `xrun PLAYBOOK` is enough')
    .argument('<playbook...>', 'YAML files, run in order')
    .addOption(
      new Option('-t, --tags <tags>', 'only tasks with one of these tags').argParser(commas).default([], 'all'),
    )
    .addOption(
      new Option('--skip-tags <tags>', 'leave tasks with one of these tags out').argParser(commas).default([], 'none'),
    )
    .addOption(new Option('-f, --forks <n>', 'hosts at a time (50)').argParser(whole))
    .option('-C, --check', 'change nothing; say what would change')
    .option('-D, --diff', 'show what changes, before and after')
    .option('--detailed-exitcode', 'exit 3 when something changed or would, 4 when that is only unknown')
    .option('--force-handlers', 'run notified handlers on hosts that failed, too')
    .addOption(
      new Option('--retry-failed', 'only hosts that failed or were unreachable in the last run').conflicts('limit'),
    )
    .option('--list-hosts', 'list the hosts of each play and leave')
    .option('--list-tasks', 'list the tasks of each play and leave')
    .option('--list-tags', 'list the tags of each play and leave')
    .option('--start-at-task <name>', 'begin at the task of this name')
    .option('--step', 'ask before each task');
  return outputOptions(connectionOptions(inventoryOptions(command)));
}

function init(): Command {
  return new Command('init')
    .description('write a new project, which runs at once on this machine')
    .argument('[dir]', 'where; the working directory where it is not given');
}

function validate(): Command {
  return inventoryOptions(
    new Command('validate')
      .description('check playbooks and inventory; no host is touched')
      .argument('<playbook...>', 'YAML files'),
  );
}

function exec(): Command {
  const command = new Command('exec')
    .description('run one command, or one module, on many hosts')
    .argument('<pattern>', 'hosts and groups: web, web:!db, web[0]')
    .argument('[command...]', 'after --; one text is shell text, several words are a program and its arguments')
    .usage('[options] <pattern> (-- <command...> | -m <module> [-a <args>])')
    .option('-m, --module <name>', 'the module to run instead of a command')
    .option('-a, --args <args>', 'its arguments: key=value words, its free form, or a JSON or YAML mapping')
    .option('-C, --check', 'change nothing; say what would change')
    .option('-D, --diff', 'show what changes, before and after')
    .addOption(new Option('-f, --forks <n>', 'hosts at a time (50)').argParser(whole));
  return outputOptions(connectionOptions(inventoryOptions(command)));
}

function inventory(): Command {
  const command = new Command('inventory')
    .description('list groups and hosts')
    .option('--graph', 'as a tree')
    .option('--json', 'with variables, as Ansible prints it')
    .option('--reveal', 'with --json: show secrets too');
  return inventoryOptions(command);
}

function vars(): Command {
  const command = new Command('vars')
    .description("list a host's variables and where they come from")
    .argument('<host>', 'a name of the inventory')
    .option('--explain <name>', 'every value this variable could have, and which one wins')
    .option('--json', 'values only, as JSON')
    .option('--reveal', 'show secrets too');
  return inventoryOptions(command);
}

function facts(): Command {
  const command = new Command('facts')
    .description('gather the facts of a host and print them as YAML')
    .argument('<host>', 'a name of the inventory')
    .option('--json', 'as JSON');
  return connectionOptions(inventoryOptions(command));
}

function modules(): Command {
  return lookOptions(
    new Command('modules')
      .description('list modules, or read about one')
      .argument('[name]', 'a module')
      .option('--json', 'as JSON'),
  );
}

function helpers(): Command {
  return lookOptions(
    new Command('helpers')
      .description('list the helpers of templates and conditions, or read about one')
      .argument('[name]', 'a helper')
      .option('--json', 'as JSON'),
  );
}

function vault(io: Io, done: (code: number) => void): Command {
  const group = new Command('vault').description('encrypt and decrypt files, compatible with ansible-vault');
  const works = {
    encrypt: 'encrypt files; - reads stdin and prints',
    decrypt: 'decrypt files',
    view: 'print what files hold',
    edit: 'edit files in $EDITOR',
    rekey: 'change the password of files',
  } as const;
  for (const [name, description] of Object.entries(works) as [keyof typeof works, string][]) {
    const command = vaultOptions(new Command(name).description(description).argument('<file...>', 'files'), name);
    command.action(async (files: string[], flags: VaultFlags) =>
      done(await (await import('./commands/vault.ts')).vaultCommand(name, files, flags, io)),
    );
    group.addCommand(command);
  }
  return group;
}

function schema(): Command {
  return new Command('schema')
    .description('print a JSON Schema for editors')
    .addArgument(new Argument('<of>', 'what it is the schema of').choices(['playbook', 'inventory']));
}
