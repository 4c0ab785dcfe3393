import type { Outcome } from '../../model/transport/host-shell.ts';
import { formatPosition, XrunError, XrunErrors } from '../../diagnostics/errors.ts';
import { NulError } from '../../model/script.ts';
import { textOf } from '../../model/host-text.ts';
import type { Position } from '../../diagnostics/errors.ts';
import type { Diff, Failure, Matrix, Status } from '../../model/events.ts';
import type { Result, StepResult } from '../../model/module.ts';

/** A handler's name that a task notified. */
export interface Notified {
  name: string;
  at: Position;
  sure: boolean;
}

/** How one task, or one item of its loop, ended on one host. */
export interface TaskResult {
  readonly status: Exclude<Status, 'rescued' | 'ignored'>;
  /** What `register` keeps. */
  readonly result: Result;
  readonly diff?: readonly Diff[];
  readonly error?: Failure;
  readonly message?: string;
  readonly matrix?: Matrix;
  /** What the items of a loop notified, each with the name that it made. */
  readonly notified?: readonly Notified[];
  /** Unknown, because of this: the result of an earlier task. */
  readonly origin?: string;
  /** Unknown, and when it runs it may change the host. */
  readonly acts?: boolean;
  /** In a check: the task was not carried out, and its result has more keys when it is. */
  readonly planned?: boolean;
}

/** Ended as wanted, nothing done. */
export function ok(result: Result = {}, message?: string): TaskResult {
  return {
    status: 'ok',
    result: { changed: false, failed: false, ...lines(result) },
    ...(message !== undefined && { message }),
  };
}

/** Ended with a change made, or, in check mode, one that would be made. */
export function changed(diff: Diff[] | undefined, result: Result = {}): TaskResult {
  return { status: 'changed', result: { changed: true, failed: false, ...lines(result) }, ...(diff && { diff }) };
}

/** Cannot be known in check mode. The result has neither `changed` nor `failed`, so that nothing is decided by them. */
export function unknown(why: string, result: Result = {}): TaskResult {
  return { status: 'unknown', result: { unknown: true, ...result }, message: why };
}

/** A task that reads what a check cannot know; `why` names where that comes from. */
export function dependsOnUnknown(why: string): TaskResult {
  return { ...unknown(`it depends on ${why}, which a check cannot know`), origin: why };
}

/** A condition did not hold; playbooks ask for Ansible's words. */
export function skipped(why: string): TaskResult {
  return {
    status: 'skipped',
    result: { changed: false, failed: false, skipped: true, skip_reason: 'Conditional result was False' },
    message: why,
  };
}

/** Failed, or unreachable where the code says so; `result` is what is known besides. */
export function failed(error: Failure, result: Result = {}): TaskResult {
  const status = isUnreachable(error.code) ? 'unreachable' : 'failed';
  return {
    status,
    error,
    result: {
      changed: false,
      msg: error.message,
      ...lines(result),
      ...(status === 'unreachable' ? { unreachable: true } : { failed: true }),
    },
  };
}

const UNREACHABLE = new Set(['E_UNREACHABLE', 'E_LOST', 'E_HOST_KEY', 'E_AUTH', 'E_KEY_FILE']);

/** Whether a code means that the host could not be talked to. */
export function isUnreachable(code: string): boolean {
  return UNREACHABLE.has(code);
}

/** The failure to show for whatever was thrown; a bug of xrun's keeps its stack. */
export function failureOf(error: unknown, at: Position): Failure {
  // Commands are built when a task decides or runs; what cannot be in one is an error of the playbook, not of xrun.
  if (error instanceof NulError) return { code: 'E_ARGUMENT', message: error.message, at };
  if (!(error instanceof XrunError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { code: 'E_INTERNAL', message: `a bug in xrun: ${stack}`, at };
  }
  if (error instanceof XrunErrors) return severalErrors(error, at);
  return { code: error.code, message: error.message, at: error.at ?? at, ...(error.hint && { hint: error.hint }) };
}

/** The first of them, and where the others are. */
function severalErrors({ errors, message }: XrunErrors, at: Position): Failure {
  const [first, ...others] = errors;
  if (!first) return { code: 'E_INVALID', message, at };
  const more = others.map((one) => `; ${one.message}${one.at ? ` at ${formatPosition(one.at)}` : ''}`).join('');
  return {
    code: first.code,
    message: `${first.message}${more}`,
    at: first.at ?? at,
    ...(first.hint && { hint: first.hint }),
  };
}

function lost(why: string): XrunError {
  return new XrunError('E_LOST', `the connection was lost while the task ran: ${why}`, {
    hint: 'It may or may not have run; xrun never runs such a task again by itself.',
  });
}

/** What an error means to a task that has done something already: a host that cannot be reached now was reached before. */
export function midway(error: unknown): unknown {
  return error instanceof XrunError && error.code !== 'E_LOST' && isUnreachable(error.code)
    ? lost(error.message)
    : error;
}

/** What a script that did not exit by itself means: there was no connection, it was lost, time was up, or the run was stopped. */
export function outcomeError(outcome: Outcome): XrunError | undefined {
  const why = outcome.message ?? '';
  if (outcome.reason === 'lost') return lost(why);
  if (outcome.reason === 'unreachable') return outcome.error ?? new XrunError('E_UNREACHABLE', why);
  if (outcome.reason === 'timeout')
    return new XrunError('E_TIMEOUT', why || 'the task took longer than its timeout and was stopped');
  if (outcome.reason === 'cancelled') return new XrunError('E_INTERRUPTED', 'stopped, because the run was interrupted');
  return undefined;
}

/** A script's outcome as modules see it. */
export function stepResult(outcome: Outcome): StepResult {
  return { rc: outcome.rc ?? -1, stdout: textOf(outcome.stdout), stderr: textOf(outcome.stderr) };
}

/** Adds stdout_lines and stderr_lines, which Ansible's users read. */
function lines(result: Result): Result {
  const split = (text: unknown) =>
    typeof text === 'string'
      ? text
          .replace(/\n$/, '')
          .split('\n')
          .filter((l, i, all) => l || all.length > 1 || i > 0)
      : undefined;
  const out = split(result.stdout);
  const err = split(result.stderr);
  return { ...result, ...(out && { stdout_lines: out }), ...(err && { stderr_lines: err }) };
}

/** Where the old content was kept: of modules with `backup: true`, from what the writer of files printed. */
export function backedUp(args: { backup?: unknown }, steps: readonly StepResult[]): Result {
  if (args.backup !== true) return {};
  const said = steps
    .map(({ stdout }) => stdout)
    .join('')
    .split(/^backup_file=/m);
  const file = said.length > 1 ? /^[^]+?\.\d{8}T\d{6}~$/m.exec(said.at(-1) as string)?.[0] : undefined;
  return file === undefined ? {} : { backup_file: file };
}

/** The error for a task that comes when the run has been interrupted. */
export function interrupted(): XrunError {
  return new XrunError('E_INTERRUPTED', 'not run, because the run was interrupted');
}
