import * as z from 'zod';
import { argv, quote, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { homePath, path, text, whole, words } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision, Result, StepResult } from '../../model/module.ts';
import { byProgram, lacking } from '../shared/program.ts';
import type { Lacking } from '../shared/program.ts';

const args = z
  .strictObject({
    chdir: path.describe('The directory to run in.'),
    target: text.optional().describe('The target, such as `install`; without it the first of the Makefile.'),
    targets: words.optional().describe('Several targets.'),
    params: z
      .record(z.string(), text.nullable())
      .refine((all) => Object.keys(all).every((name) => /^[^\s=-][^\s=]*$/.test(name)), 'expected names of variables')
      .optional()
      .describe('Variables for make, by name; one without a value is passed as a word.'),
    file: homePath.optional().describe('The Makefile, if its name is another.'),
    jobs: whole.optional().describe('How many jobs may run at the same time.'),
    make: homePath.optional().describe('The make to use; without it `gmake` where the host has it, else `make`.'),
  })
  .refine(({ target, targets }) => target === undefined || targets === undefined, 'give either target or targets');

type Args = z.output<typeof args>;

interface State {
  /** What `make -q` ended with: 0 where all is up to date, 1 where not, 2 where it cannot tell; undefined without the directory. */
  rc?: number;
  errors: string;
}

export default defineModule<typeof args, State | Lacking>({
  name: 'make',
  summary: 'Run targets of a Makefile, where they are not up to date',
  notes: [
    'Whether a target is up to date is asked by `make -q`, in a check too. That runs what the Makefile has in `$(shell)` and in lines that begin with `+`.',
    'A target that makes no file of its name is never up to date: the task is changed in every run.',
  ],
  examples: `
- make: {chdir: /usr/local/src/tool}
- make: {chdir: /usr/local/src/tool, target: install, params: {PREFIX: /opt/tool}}
`,
  returns: {
    chdir: 'The directory.',
    target: 'The target.',
    targets: 'The targets.',
    params: 'The variables.',
    file: 'The Makefile.',
    jobs: 'How many jobs may run.',
    command: 'What was run.',
    stdout: 'What make printed.',
    stderr: 'Its errors.',
  },
  args,
  fresh: true,
  ...byProgram<Args, State>(
    ({ make }) => ({ command: make ?? 'make', or: make ?? 'gmake', from: 'the package make' }),
    {
      probe: (args) =>
        sh`if [ -d ${args.chdir} ]; then cd ${args.chdir} || exit; ${choose(args)}; r=0; e=$(${run(args)} -q 2>&1 >/dev/null) || r=$?; echo "rc=$r"; printf '%s\\n' "$e"; else echo none; fi`,
      parse,
      decide,
    },
  ),
  result,
});

function parse(stdout: string): State {
  if (stdout === 'none\n') return { errors: '' };
  const [, rc, errors = ''] = /^rc=(\d+)\n([\s\S]*)$/.exec(stdout) ?? [];
  if (rc === undefined) throw new Error('make did not say whether the target is up to date');
  if (Number(rc) > 2) throw new Error(`make -q ended with ${rc}: ${errors.trim() || 'it printed nothing'}`);
  return { rc: Number(rc), errors: errors.trim() };
}

function decide(args: Args, { rc, errors }: State, context: DecideContext): Decision<State> {
  const result = resultOf(args);
  if (rc === undefined)
    return lacking(context, `the directory ${args.chdir} does not exist`, 'Make it by a task before.');
  if (rc === 0) return { kind: 'ok', result: { ...result, stdout: '', stderr: '' } };
  const script = sh`cd ${args.chdir} || exit; ${choose(args)}; ${run(args)}`;
  const steps = [{ do: 'run' as const, script }];
  if (rc === 2)
    return { kind: 'unknown', why: `make cannot tell what it would do: ${errors.split('\n').at(-1)}`, steps, result };
  const what = goals(args).join(' ') || 'make';
  return { kind: 'change', diff: [{ what, before: 'not up to date', after: 'made' }], steps, result };
}

const goals = ({ target, targets }: Args) => targets ?? (target === undefined ? [] : [target]);

/** Has `make` mean the host's own, GNU's where it has that by the other name. */
function choose({ make }: Args): Script {
  if (make !== undefined) return sh`m=${make}`;
  return sh`m=make; ! command -v gmake >/dev/null 2>&1 || m=gmake`;
}

const run = (args: Args) => sh`"$m" ${argv(...commandWords(args))}`;

function commandWords(args: Args): string[] {
  const { jobs, file, params = {} } = args;
  return [
    ...(jobs === undefined ? [] : ['-j', String(jobs)]),
    ...(file === undefined ? [] : ['-f', file]),
    ...goals(args),
    ...Object.entries(params).map(([name, value]) => (value === null ? name : `${name}=${value}`)),
  ];
}

function resultOf(args: Args): Result {
  const { chdir, target, targets, params, file, jobs, make } = args;
  return {
    chdir,
    target: target ?? null,
    targets: targets ?? null,
    params: params ?? null,
    file: file ?? null,
    jobs: jobs ?? null,
    command: [make ?? 'make', ...commandWords(args)].map(quote).join(' '),
  };
}

function result(_args: Args, steps: StepResult[]): Result {
  const trimmed = (text = '') => text.replace(/[\r\n]+$/, '');
  return { stdout: trimmed(steps.at(-1)?.stdout), stderr: trimmed(steps.at(-1)?.stderr) };
}
