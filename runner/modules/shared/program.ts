import { sh, withStdin } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import type { DecideContext, Decision, ProbeResult } from '../../model/module.ts';

/** A program of the host by which a module reads and changes. */
export interface Program {
  command: string;
  /** Another one that does the same. */
  or?: string;
  /** What to install where it is missing, as people read it: `the package git`. */
  from: string;
}

/** A host that lacks the program. */
export interface Lacking {
  lacks: string;
}

/** The parts of a module that works by one program. */
export interface Parts<Args, State extends object> {
  probe(args: Args): Script;
  /** Is given what the probe printed, whole. */
  parse(stdout: string, args: Args): State;
  decide(args: Args, state: State, context: DecideContext): Decision<State>;
}

/** The same parts for hosts that may lack the program. */
export interface ProgramParts<Args, State extends object> {
  probe(args: Args): Script;
  parse(probe: ProbeResult, args: Args): State | Lacking;
  decide(args: Args, state: State | Lacking, context: DecideContext): Decision<State | Lacking>;
}

const END = 'end=.\n';

/**
 * Parts of a module whose program may be missing: then the task fails and says what to install; in a check it is unknown,
 * for a task that was not run may bring it. What the probe prints counts only where it came to its end.
 */
export function byProgram<Args, State extends object>(
  programOf: Program | ((args: Args) => Program),
  { probe, parse, decide }: Parts<Args, State>,
): ProgramParts<Args, State> {
  const program = (args: Args) => (typeof programOf === 'function' ? programOf(args) : programOf);
  return {
    probe(args) {
      const { command, or } = program(args);
      const asked = probe(args);
      const text = sh`command -v ${command} >/dev/null 2>&1 || ${or !== undefined && sh`command -v ${or} >/dev/null 2>&1 ||`} { printf 'lacks=%s\\n' ${command}; exit 0; }
${asked}
[ $? = 0 ] || exit; echo end=.`;
      return asked.stdin === undefined ? text : withStdin(text, asked.stdin);
    },
    parse({ stdout, stderr }, args) {
      const [, lacks] = /^lacks=(.+)\n$/.exec(stdout) ?? [];
      if (lacks !== undefined) return { lacks };
      if (!stdout.endsWith(END))
        throw new Error(
          `the output of ${program(args).command} is not complete: ${stderr.trim() || 'its end is missing'}`,
        );
      return parse(stdout.slice(0, -END.length), args);
    },
    decide(args, state, context) {
      if (!('lacks' in state)) return decide(args, state, context) as Decision<State | Lacking>;
      return lacking(
        context,
        `this host has no program ${state.lacks}`,
        `Install ${program(args).from} by a task before.`,
      );
    },
  };
}

/** What a task decides that needs what the host lacks: it fails; a check cannot know, for a task that was not run may bring it. */
export function lacking(
  { check }: Pick<DecideContext, 'check'>,
  message: string,
  hint: string,
): Extract<Decision, { kind: 'fail' | 'unknown' }> {
  return check ? { kind: 'unknown', why: `${message} yet`, steps: [] } : { kind: 'fail', message, hint };
}

/** The lines of a text that hold anything. */
export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');
