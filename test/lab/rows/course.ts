import type { TestLab } from '../../support/lab.ts';
import { play } from '../../support/play.ts';
import type { Ran } from '../../support/xrun.ts';
import { HOST_STATE } from './host-state.ts';
import { nameOf } from './row.ts';
import type { Row } from './row.ts';

/** The answers of a host to the questions of all rows, in their order. */
type Answers = string[];

/** What happened to a host from before the first run to after the last. */
export interface Course {
  /** A check, a run, and both again; the answers before each, and after the last. */
  told: Ran;
  made: Ran;
  toldAgain: Ran;
  madeAgain: Ran;
  before: Answers;
  afterCheck: Answers;
  after: Answers;
  /** Then hands spoil the host: a check and a run; the host's whole state before the damage and after each step. */
  toldDrift: Ran;
  mended: Ran;
  afterMending: Answers;
  states: { right: string; spoiled: string; checked: string; mended: string };
}

/**
 * Takes all rows through their course in six runs of one playbook: it would take many times as long to do so row by
 * row. A task that fails does not keep the others from their turn.
 */
export async function takeCourse(lab: TestLab, host: string, rows: readonly Row[]): Promise<Course> {
  const tasks = rows.map((row) => ({ name: nameOf(row), ...row.task, ignore_errors: true }));
  const run = (...options: string[]) => play(lab, host, tasks, ...options);
  const ask = async () => answersIn(await lab.ask(host, questions(rows)));
  const look = () => lab.ask(host, HOST_STATE);

  await lab.ask(host, inTurn(rows.map((row) => row.given)));
  const before = await ask();
  const told = await run('--check');
  const afterCheck = await ask();
  const made = await run();
  const after = await ask();
  const toldAgain = await run('--check');
  const madeAgain = await run();
  const right = await look();

  await lab.ask(host, inTurn(rows.map((row) => row.drift?.by)));
  const spoiled = await look();
  const toldDrift = await run('--check', '--diff');
  const checked = await look();
  const mended = await run();
  const states = { right, spoiled, checked, mended: await look() };
  return {
    told,
    made,
    toldAgain,
    madeAgain,
    before,
    afterCheck,
    after,
    toldDrift,
    mended,
    afterMending: await ask(),
    states,
  };
}

function questions(rows: readonly Row[]): string {
  return rows.map(({ ask }) => `echo @@answer; ( ${ask}\n) 2>&1; echo`).join('\n');
}

function answersIn(output: string): Answers {
  return output
    .split(/^@@answer\n?/m)
    .slice(1)
    .map((answer) => answer.trim());
}

/** Each in a shell of its own; the first that fails ends it. */
function inTurn(scripts: readonly (string | undefined)[]): string {
  return scripts
    .filter((script) => script !== undefined)
    .map((script) => `( set -e\n${script}\n) </dev/null || exit`)
    .join('\n');
}
