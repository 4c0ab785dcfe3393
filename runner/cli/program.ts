import { Command } from 'commander';
import { commands, vaultCommands } from './grammar.ts';
import type { CommandDefinition } from './grammar.ts';
import type { Io } from './io.ts';

/** The whole command line. What a command does is loaded when it is called. `done` gets its exit code. */
export function program(io: Io, version: string, done: (code: number) => void): Command {
  const root = new Command('xrun')
    .description('Run playbooks on hosts over SSH. Targets need nothing but sshd and sh.')
    .usage('[command] [options] PLAYBOOK...')
    .version(version, '-V, --version', 'print the version')
    .showSuggestionAfterError()
    .addHelpText('after', examples);
  const add = (to: Command, { command, load, hidden = false }: CommandDefinition) => {
    command.action(async (...parsed) => {
      const { settle } = await import('./options/settings.ts');
      await settle(command, io);
      const work = (await load()) as (...all: unknown[]) => Promise<number>;
      // Commander adds the command as the last.
      done(await work(...parsed.slice(0, -1), io, parsed.at(-1)));
    });
    to.addCommand(command, { isDefault: command.name() === 'run', hidden });
  };
  for (const definition of commands()) add(root, definition);
  const vault = new Command('vault').description('encrypt and decrypt files, compatible with ansible-vault');
  for (const definition of vaultCommands()) add(vault, definition);
  return root.addCommand(vault);
}

const examples = `
Examples:
  xrun init demo                                     write a project to start from
  xrun site.yml -i inventory/prod.yml                run a playbook
  xrun site.yml -i inventory/prod.yml --check --diff say what it would change
  xrun exec web -i inventory/prod.yml -- uptime      run one command
  xrun exec web -m service -a 'name=ssh state=started'   run one module
  xrun migrate ../ansible --to moved                 bring an Ansible project over
  xrun modules copy                                  read about a module

Exit codes: 0 all hosts fine; 1 a host failed or was unreachable; 2 usage, playbook or inventory error;
with --detailed-exitcode 3 something changed or would, 4 only unknown; 130 interrupted.`;
