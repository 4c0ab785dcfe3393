import { atExit, raw, sh, withStdin } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import type { DecideContext, Decision, Result, Step } from '../../../model/module.ts';
import { TAG, aside } from '../../../connection/files/leftovers.ts';
import { copyScript } from '../../../connection/files/put-script.ts';
import { beside } from '../../../connection/files/way.ts';
import { attributeChange } from '../../path/attributes.ts';
import { fileResource, parseFile } from '../../path/file-state.ts';
import type { FileState } from '../../path/file-state.ts';
import { resolveMode } from '../../path/mode.ts';
import { refusePlacement } from '../../path/placement.ts';
import { probeFile } from '../../path/probe.ts';
import { lacking } from '../../shared/program.ts';
import type { MadeArgs } from './made-args.ts';

/** A file that openssl makes: what is there, and what is wanted, as texts that are compared. */
export interface Made {
  file: FileState;
  /** Absent for a file that openssl does not understand. */
  found?: string;
  wanted?: string;
  /** What openssl said instead of what is wanted. */
  problem?: string;
}

/** The program. */
export const OPENSSL = { command: 'openssl', from: 'the package openssl' };

/**
 * Reads all of {@link Made}. `describe` prints a text of the file in `$f`; `wanted` writes what the task wants, or something that is
 * described as it, to `$f`, a file of a directory that only the user may read and that is removed afterwards.
 */
export function probeMade(path: string, describe: Script, wanted?: Script): Script {
  return sh`${probeFile(path, { checksum: true })} || exit
d=$(umask 077; mktemp -d) || exit
${atExit('rm -rf "$d"')}
text() {
${describe}
}
f=${path}; if [ -f "$f" ] && o=$(text 2>/dev/null); then echo @@found; printf '%s\\n' "$o"; fi
${
  wanted !== undefined &&
  sh`f=$d/new; make() {\n${wanted}\n}
if e=$(make 2>&1) && o=$(text 2>&1); then echo @@wanted; printf '%s\\n' "$o"; else echo @@problem; printf '%s\\n' "$e" | head -n 20; fi`
}`;
}

/** What {@link probeMade} printed. */
export function parseMade(stdout: string): Made {
  const parts = stdout.split(/^@@(found|wanted|problem)\n/m);
  const made: Made = { file: parseFile({ rc: 0, stdout: parts[0] ?? '', stderr: '' }) };
  for (let i = 1; i < parts.length; i += 2)
    made[parts[i] as 'found' | 'wanted' | 'problem'] = (parts[i + 1] as string).trimEnd();
  return made;
}

/** How a file is to be. */
export interface Wish {
  args: MadeArgs;
  /** What it is called: `private key`. */
  kind: string;
  wanted: string;
  /** Writes it to `$f`. */
  make: Script;
  mode: string;
  result: Result;
  /** A file that is as wanted is made anew all the same. */
  anew?: boolean;
}

/** Makes the file where it differs, and sets who may use it. */
export function decideMade(wish: Wish, { file, found }: Made, context: DecideContext): Decision<Made> {
  const { args, kind, wanted, result } = wish;
  const { path } = args;
  const refused = refusePlacement(path, file, context);
  if (refused) return refused as Decision<Made>;
  const mode = args.mode ?? wish.mode;
  if (file.type === 'file' && found === wanted && !args.force && !wish.anew) {
    const { diff, steps, after } = attributeChange(path, args, file);
    return steps.length === 0
      ? { kind: 'ok', result }
      : { kind: 'change', diff, steps, plans: { [fileResource(path)]: after }, result };
  }
  const before = file.type === 'file' ? (found ?? `(not a ${kind} that can be read)`) : null;
  const after: FileState = { type: 'file', mode: resolveMode(mode, file.mode, false) };
  return {
    kind: 'change',
    diff: [{ what: path, before, after: before === wanted ? `${wanted} (made anew)` : wanted }],
    steps: [place(wish, file, after.mode as string)],
    plans: { [fileResource(path)]: after },
    result,
  };
}

/** Makes the file in a directory that no other user may enter; from there it gets to its place by the one writer. */
function place({ args, make }: Wish, file: FileState, mode: string): Step {
  const { path, backup } = args;
  const owner = args.owner ?? file.owner;
  const group = args.group ?? file.group;
  const text = sh`${raw(TAG)}
d=$(umask 077; mktemp -d ${raw(aside())}) || exit
${atExit('rm -rf "$d"')}
f=$d/new
{
${make}
} || exit
${copyScript(raw('"$f"'), { path, mode, backup, ...(owner !== undefined && { owner }), ...(group !== undefined && { group }) })}`;
  return { do: 'run', script: make.stdin === undefined ? text : withStdin(text, make.stdin), touches: [path] };
}

/** The file goes. */
export function removeMade({ path }: MadeArgs, { file }: Made, kind: string, result: Result): Decision<Made> {
  if (file.type === 'absent') return { kind: 'ok', result };
  return {
    kind: 'change',
    diff: [{ what: path, before: kind, after: null }],
    steps: [{ do: 'run', script: beside(path, raw('rm -f "$n"')), touches: [path] }],
    plans: { [fileResource(path)]: { type: 'absent' } },
    result,
  };
}

/** What openssl needs for the file is missing: a key that a task before makes, as a rule. */
export function refuseProblem({ problem }: Made, context: DecideContext, kind: string): Decision<Made> {
  return lacking(
    context,
    `the ${kind} cannot be made: ${problem?.split('\n').find((line) => !/:error:/.test(line)) ?? problem ?? 'openssl did not say why'}`,
    'Look at the files that the task names.',
  );
}
