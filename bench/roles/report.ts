import type { Plan } from '../../runner/api/index.ts';
import { markdown } from '../markdown.ts';
import { kinds } from './state.ts';
import type { Difference } from './state.ts';
import type { Ran } from './tools.ts';

/** A check, the run, and, where that succeeded, a second one. */
export interface Runs {
  check: Ran;
  run: Ran;
  again: Ran | undefined;
}

/** What became of a role. */
export interface Outcome {
  role: string;
  plan: Plan;
  xrun: Runs;
  ansible: Runs;
  differences: Difference[];
}

/** A row for each role. */
export function table(outcomes: readonly Outcome[]): string {
  const head = ['role', 'migrated', 'ends', 'check predicts', ...kinds.map((kind) => `same ${kind}`), 'second run'];
  return markdown(head, outcomes.map(row));
}

function row({ role, plan, xrun, ansible, differences }: Outcome): string[] {
  const { moved, total } = plan.expressions;
  const counts = kinds.map((kind) => differences.filter((one) => one.kind === kind).length);
  const surprises = surprising(xrun);
  return [
    role,
    `${moved} of ${total}`,
    `${ended(xrun)} / ${ended(ansible)}`,
    surprises.length === 0 ? 'yes' : `no: ${surprises.length}`,
    ...counts.map((count) => (count === 0 ? 'yes' : `no: ${count}`)),
    `${xrun.again?.changes ?? '-'} / ${ansible.again?.changes ?? '-'}`,
  ];
}

function ended({ run, again }: Runs): string {
  return run.code !== 0 ? `fails (${run.code})` : again?.code === 0 ? `${run.changes} changed` : 'fails again';
}

/** Tasks that the check said something else of than the run did. */
function surprising({ check, run }: Runs): string[] {
  const predicted = [...check.changed];
  const maybe = new Set(check.unknown);
  const unforeseen = run.changed.filter((task) => !maybe.has(task) && !taken(predicted, task));
  return [
    ...unforeseen.map((task) => `changed, not predicted: ${task}`),
    ...predicted.map((task) => `predicted, not changed: ${task}`),
  ];
}

function taken(tasks: string[], task: string): boolean {
  const at = tasks.indexOf(task);
  if (at >= 0) tasks.splice(at, 1);
  return at >= 0;
}

/** All that is not as it should be: the end of a run that failed, and every difference. */
export function details({ role, xrun, ansible, differences }: Outcome): string {
  const lines = [
    ...failures('xrun', xrun),
    ...failures('ansible', ansible),
    ...surprising(xrun),
    ...(xrun.again?.changed ?? []).map((task) => `xrun changed again: ${task}`),
    ...(ansible.again?.changed ?? []).map((task) => `ansible changed again: ${task}`),
    ...differences.map(({ tool, line }) => `only by ${tool}: ${line}`),
  ];
  return `== ${role}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function failures(tool: string, { check, run, again }: Runs): string[] {
  return Object.entries({ check, run, again }).flatMap(([name, ran]) =>
    !ran || ran.code === 0
      ? []
      : [`${tool}: ${name} ended with ${ran.code}`, ...ran.output.trim().split('\n').slice(-15)],
  );
}
