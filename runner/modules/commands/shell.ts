import * as z from 'zod';
import { argv, raw, withStdin } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { flag } from '../../model/arguments/scalars.ts';
import { commandResult, decideGuarded, guardArgs, parseGuard, probeGuard } from '../shared/guard.ts';
import type { GuardState } from '../shared/guard.ts';
import { defineModule } from '../../model/module.ts';
import { COMMAND_RETURNS } from '../shared/returns.ts';

const args = z.strictObject({
  cmd: z.string().min(1).describe('Shell text: pipes, redirections, variables and all.'),
  ...guardArgs,
  executable: z.string().optional().describe('The shell that runs it, by path; sh where not given.'),
  stdin: z.string().optional().describe('What the command reads.'),
  stdin_add_newline: flag.default(true).describe('End the input with a newline.'),
});

type Args = z.output<typeof args>;

export default defineModule<typeof args, GuardState | undefined>({
  name: 'shell',
  aliases: ['raw'],
  summary: 'Run shell text',
  traits: { timed: 'span' },
  notes: ['Every value that is put into the text by a template is shell text too; `command` takes words instead.'],
  examples: `
- shell: docker ps -q | wc -l
  register: running
- name: Make the key once
  shell:
    cmd: umask 077; openssl rand -hex 32 > /etc/app/key
    creates: /etc/app/key
- name: Load the rules unless they are loaded
  shell:
    cmd: nft -f /etc/app.nft
    check: nft list table inet app
`,
  returns: COMMAND_RETURNS,
  args,
  freeForm: 'cmd',
  probeMayFail: true,
  probe: (args) => probeGuard(args),
  parse: parseGuard,
  decide(args, state, context) {
    const step = { do: 'run' as const, script: script(args), theirs: true, ...(args.chdir && { cwd: args.chdir }) };
    return decideGuarded(args, args.cmd, step, state, context);
  },
  result: (args, steps) => commandResult(args.cmd, steps),
});

function script({ cmd, executable, stdin, stdin_add_newline }: Args): Script {
  const script = executable ? argv(executable, '-c', cmd) : raw(cmd);
  return stdin === undefined ? script : withStdin(script, stdin + (stdin_add_newline ? '\n' : ''));
}
