import { posix } from 'node:path';
import * as z from 'zod';
import type { LocalFile } from '../../model/local-file.ts';
import { argv, atExit, quote, sh } from '../../model/script.ts';
import { text } from '../../model/arguments/scalars.ts';
import { commandResult, decideGuarded, guardArgs, parseGuard, probeGuard } from '../shared/guard.ts';
import type { GuardState } from '../shared/guard.ts';
import { splitProblem, splitWords } from '../../model/words.ts';
import { temporaryPath } from '../path/temporary.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Step } from '../../model/module.ts';
import { COMMAND_RETURNS } from '../shared/returns.ts';

const args = z
  .strictObject({
    cmd: z
      .string()
      .min(1)
      .describe(
        'The script, a file of the controller’s looked for in `files/`, and its arguments; quotes keep words together.',
      ),
    ...guardArgs,
    executable: text
      .optional()
      .describe('The program that runs it, with its options; where not given, what its first line names.'),
  })
  .superRefine(({ cmd, executable }, issues) => {
    for (const [path, line] of Object.entries({ cmd, executable })) {
      const problem = line === undefined ? undefined : splitProblem(line);
      if (problem) issues.addIssue({ code: 'custom', path: [path], message: problem });
    }
  });

type Args = z.output<typeof args>;

export default defineModule<typeof args, GuardState | undefined>({
  name: 'script',
  summary: 'Run a script of the controller on the host',
  traits: { timed: 'span' },
  notes: ['It is sent, run, and removed again. Without `executable` it needs a first line like `#!/bin/sh`.'],
  examples: `
- script: setup.sh --name 'my app'
- name: Make the database once
  script:
    cmd: make-db.py
    executable: python3
    creates: /var/lib/app/db
`,
  returns: COMMAND_RETURNS,
  args,
  freeForm: 'cmd',
  local: { cmd: 'command' },
  probeMayFail: true,
  probe: (args) => probeGuard(args),
  parse: parseGuard,
  decide(args, state, context) {
    const decision = decideGuarded(args, args.cmd, run(args, context), state, context);
    if (decision.kind !== 'change' && decision.kind !== 'unknown') return decision;
    return { ...decision, steps: [send(args, context), ...decision.steps] };
  },
  result: (args, steps) => commandResult(args.cmd, steps),
});

/** Its name stays at the end, for scripts that look at how they were called. */
function pathOf({ cmd }: Args, context: DecideContext): string {
  const { sha256 } = context.local.cmd as LocalFile;
  return `${temporaryPath('script', context, [cmd, sha256])}-${posix.basename(splitWords(cmd)[0] as string)}`;
}

function send(args: Args, context: DecideContext): Step {
  return { do: 'put', file: { path: pathOf(args, context), content: context.local.cmd as LocalFile, mode: '0700' } };
}

function run(args: Args, context: DecideContext): Step {
  const path = pathOf(args, context);
  const program = args.executable === undefined ? [] : splitWords(args.executable);
  const call = argv(...program, path, ...splitWords(args.cmd).slice(1));
  const script = sh`${atExit(`rm -f -- ${quote(path)}`)}
${args.chdir !== undefined && sh`cd -- ${args.chdir} || exit`}
${call}`;
  return { do: 'run', script, theirs: true };
}
