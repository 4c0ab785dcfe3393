import { posix } from 'node:path';
import * as z from 'zod';
import { THEIR_LOCALE, quote, raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { homePath, rawPath } from '../../model/arguments/scalars.ts';
import { fileResource } from '../path/file-state.ts';
import type { FileState } from '../path/file-state.ts';
import type { DecideContext, Decision, ProbeResult, Result, Step, StepResult } from '../../model/module.ts';

/** What makes a user's command idempotent, and where it runs. */
export interface Guard {
  creates?: string | undefined;
  removes?: string | undefined;
  check?: string | undefined;
  chdir?: string | undefined;
}

/** The arguments of {@link Guard} for a module's schema. */
export const guardArgs = {
  creates: homePath.optional().describe('A path, or a pattern with * and ?: where it exists the command does not run.'),
  removes: homePath
    .optional()
    .describe('A path, or a pattern with * and ?: where it does not exist the command does not run.'),
  check: z.string().optional().describe('Shell text that only reads; if it exits with 0, the command does not run.'),
  chdir: rawPath.optional().describe('Directory to run in.'),
};

/** What the probe of a guard found; all undefined without a guard. */
export interface GuardState {
  creates?: boolean;
  removes?: boolean;
  /** The output of a check that exited with 0. */
  right?: string;
  wrong?: number;
  /** The command's directory cannot be entered. */
  noDirectory?: true;
}

/** Looks whether the guarded command has anything to do; undefined where nothing guards it. */
export function probeGuard({ creates, removes, check, chdir }: Guard): Script | undefined {
  if (creates === undefined && removes === undefined && check === undefined) return undefined;
  const parts = [
    chdir && sh`cd ${chdir} || { echo chdir=missing; exit 0; }`.text,
    creates && exists('creates', creates),
    removes && exists('removes', removes),
    // A newline before the bracket: the check may end in a comment, or in a here-document.
    check && `out=$(${THEIR_LOCALE}\n${check}\n); rc=$?; echo check=$rc; printf '%s' "$out"`,
  ];
  return raw(parts.filter(Boolean).join('\n'));
}

/** What a shell answers for a command that died of SIGABRT, BUS, FPE, KILL, SEGV or TERM. */
const KILLED = [134, 135, 136, 137, 139, 143];

/** What {@link probeGuard} printed. Throws an Error where that is incomplete: something was killed, or the shell came to an end. */
export function parseGuard({ rc, stdout, stderr }: ProbeResult, guard: Guard): GuardState {
  const [, head = '', check, output = ''] =
    /^((?:(?:creates|removes|chdir)=.*\n)*)(?:check=(\d+)\n([\s\S]*))?/.exec(stdout) ?? [];
  const state: GuardState = {};
  if (head.includes('chdir=missing')) state.noDirectory = true;
  if (head.includes('creates=')) state.creates = head.includes('creates=yes');
  if (head.includes('removes=')) state.removes = head.includes('removes=yes');
  if (check === '0') state.right = output;
  else if (check !== undefined) state.wrong = Number(check);
  // A check that leaves the shell itself (`exit 3`) still answers: by that exit status.
  else if (rc !== 0) state.wrong = rc;
  if (guard.check !== undefined && state.wrong !== undefined && KILLED.includes(state.wrong))
    throw new Error(`the check was killed (${state.wrong})${stderr && `: ${stderr.trim()}`}`);
  if (state.noDirectory) return state;
  const unanswered = (['creates', 'removes'] as const).find((name) => guard[name] && state[name] === undefined);
  if (unanswered !== undefined || (!guard.check && rc !== 0))
    throw new Error(
      `whether the command is to run could not be found out: ${stderr.trim() || `the shell ended with ${rc}`}`,
    );
  return state;
}

/** Runs `step` unless its guard says that there is nothing to do; `shown` is the command as people read it. */
export function decideGuarded(
  guard: Guard,
  shown: string,
  step: Step,
  state: GuardState | undefined,
  context: DecideContext,
): Decision<GuardState> {
  if (!state)
    return {
      kind: 'unknown',
      why: 'the changes of a command cannot be predicted; use `creates`, `removes` or `check`',
      steps: [step],
    };
  if (state.noDirectory && !isPlanned(guard.chdir, context, false)) return noDirectory(guard, context, step);
  const below = (path: string | undefined) =>
    path === undefined ? undefined : posix.resolve(guard.chdir ?? '/', path);
  const creates = isPlanned(below(guard.creates), context, state.creates);
  const removes = isPlanned(below(guard.removes), context, state.removes);
  const done = (msg: string, stdout = ''): Decision<GuardState> => ({
    kind: 'ok',
    result: { ...outputResult({ rc: 0, stdout, stderr: '' }), msg },
  });
  const idle = (why: string, path: string, state: string) =>
    done(`${why} not run command since '${path}' ${state}`, `skipped, since ${path} ${state}`);
  const would = context.check ? 'Would' : 'Did';
  if (creates) return idle(would, guard.creates!, 'exists');
  if (removes === false) return idle(would, guard.removes!, 'does not exist');
  if (state.right !== undefined) return done('the check is satisfied', state.right);
  return { kind: 'change', diff: [{ what: 'command', before: null, after: shown }], steps: [step] };
}

/** What a command's task registers, from its only step. */
export function commandResult(cmd: string | string[], steps: StepResult[]): Result {
  const ran = steps.at(-1) as StepResult;
  const result = { cmd, ...outputResult(ran) };
  return ran.rc === 0 ? { ...result, msg: '' } : { ...result, failed: true, msg: 'non-zero return code' };
}

/** Output in the fields that playbooks know; an empty last line is taken off, as Ansible does. */
function outputResult({ rc, stdout, stderr }: StepResult): Result {
  const [out, err] = [stdout.replace(/\r?\n+$/, ''), stderr.replace(/\r?\n+$/, '')];
  return { rc, stdout: out, stderr: err, stdout_lines: lines(out), stderr_lines: lines(err) };
}

function lines(text: string): string[] {
  return text === '' ? [] : text.split(/\r?\n/);
}

function noDirectory({ chdir }: Guard, context: DecideContext, step: Step): Decision<GuardState> {
  const why = `the directory ${chdir} does not exist`;
  return context.check ? { kind: 'unknown', why: `${why} yet`, steps: [step] } : { kind: 'fail', message: why };
}

/** Whether a path exists, earlier tasks of a check having run. */
function isPlanned(path: string | undefined, context: DecideContext, found: boolean | undefined): boolean | undefined {
  const planned = path === undefined ? undefined : (context.planned(fileResource(path)) as FileState | undefined);
  return planned ? planned.type !== 'absent' : found;
}

function exists(name: string, pattern: string): string {
  return `${name}=no; for f in ${globWord(pattern)}; do [ -e "$f" ] || [ -h "$f" ] && ${name}=yes; done; echo ${name}=$${name}`;
}

/** A word in which only * ? and [...] keep their meaning for the shell. */
function globWord(pattern: string): string {
  return pattern
    .split(/([*?]|\[[^\]/]+\])/)
    .map((part, i) => (i % 2 === 1 ? part : part && quote(part)))
    .join('');
}
