import * as z from 'zod';
import { argv, withStdin } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { flag, text } from '../../model/arguments/scalars.ts';
import { commandResult, decideGuarded, guardArgs, parseGuard, probeGuard } from '../shared/guard.ts';
import type { GuardState } from '../shared/guard.ts';
import { splitProblem, splitWords } from '../../model/words.ts';
import { defineModule } from '../../model/module.ts';
import { COMMAND_RETURNS } from '../shared/returns.ts';

const args = z
  .strictObject({
    cmd: z
      .string()
      .min(1)
      .optional()
      .describe('The command and its arguments, split at blanks; quotes keep words together.'),
    argv: z.array(text).min(1).optional().describe('The same as a list of words.'),
    ...guardArgs,
    stdin: z.string().optional().describe('What the command reads.'),
    stdin_add_newline: flag.default(true).describe('End the input with a newline.'),
  })
  .superRefine(({ cmd, argv }, issues) => {
    if ((cmd === undefined) === (argv === undefined))
      issues.addIssue({ code: 'custom', message: 'give either cmd or argv' });
    const problem = cmd === undefined ? undefined : splitProblem(cmd);
    if (problem) issues.addIssue({ code: 'custom', path: ['cmd'], message: problem });
  });

type Args = z.output<typeof args>;

export default defineModule<typeof args, GuardState | undefined>({
  name: 'command',
  summary: 'Run a command, without a shell in between',
  traits: { timed: 'span' },
  notes: ['Pipes, redirections and variables mean nothing here: `shell` knows them.'],
  examples: `
- command: ip -br link
  register: links
  changed_when: false
- command:
    argv: [tar, -xf, '{{archive}}']
    chdir: /opt
    creates: /opt/app
`,
  returns: COMMAND_RETURNS,
  args,
  freeForm: 'cmd',
  probeMayFail: true,
  probe: (args) => probeGuard(args),
  parse: parseGuard,
  decide(args, state, context) {
    const step = { do: 'run' as const, script: script(args), theirs: true, ...(args.chdir && { cwd: args.chdir }) };
    return decideGuarded(args, words(args).join(' '), step, state, context);
  },
  result: (args, steps) => commandResult(words(args), steps),
});

function words({ cmd, argv }: Args): string[] {
  return argv ?? splitWords(cmd as string);
}

function script(args: Args): Script {
  const script = argv(words(args));
  return args.stdin === undefined ? script : withStdin(script, args.stdin + (args.stdin_add_newline ? '\n' : ''));
}
