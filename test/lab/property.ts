import { numbersFrom } from '../fuzz/inputs.ts';
import type { TestLab } from '../support/lab.ts';
import { play } from '../support/play.ts';

/** A thing on a host, made by one task of random valid arguments. */
export interface Thing {
  /** Shell text that prepares the host for it. */
  given?: string;
  /** The module and its arguments. */
  task: Record<string, unknown>;
  /** What somebody changes by hand, and what a check has to name for it: a part of `what` of its difference. */
  spoilt: { by: string; what: string }[];
}

/** Chance from a seed. */
export interface Chance {
  /** One of the list. */
  one<T>(list: readonly T[]): T;
  /** Two of the list that differ. */
  two<T>(list: readonly T[]): [T, T];
  /** Nothing, or the fields, half of the time each. */
  maybe<T extends object>(fields: T): Partial<T>;
}

/** The seed of this run: XRUN_SEED, so that a failure can be had again. */
export const seed = Number(process.env.XRUN_SEED ?? 1);

/** Chance from {@link seed}. */
export function chance(): Chance {
  const random = numbersFrom(seed);
  const one = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  return {
    one,
    two(list) {
      const first = one(list);
      return [first, one(list.filter((other) => other !== first))];
    },
    maybe: (fields) => (random() < 0.5 ? fields : {}),
  };
}

/**
 * The property of every module: what it has made, read back, is `ok`; what somebody changes by hand is named, all of it;
 * a run makes it right again. Five runs, however many things there are. Returns what went otherwise, each with the output.
 */
export async function broken(lab: TestLab, host: string, things: readonly Thing[]): Promise<string[]> {
  const tasks = things.map(({ task }, i) => ({ name: `thing ${i}`, ...task }));
  const given = things.flatMap((thing) => thing.given ?? []);
  if (given.length > 0) await lab.ask(host, given.join('\n'));
  const made = await play(lab, host, tasks);
  if (made.code !== 0 || made.changed.length !== things.length) return [`made, seed ${seed}:\n${made.output}`];
  const problems: string[] = [];
  const isRight = async (when: string) => {
    const { code, changed, output } = await play(lab, host, tasks, '--check');
    if (code !== 0 || changed.length > 0) problems.push(`read back ${when}, seed ${seed}:\n${output}`);
  };
  await isRight('after it was made');
  await lab.ask(host, things.flatMap(({ spoilt }) => spoilt.map(({ by }) => by)).join('\n'));
  const found = await play(lab, host, tasks, '--check');
  const lost = things.flatMap(({ spoilt }, i) => {
    const whats = (found.diffs[`${host} thing ${i}`] ?? []).map(({ what }) => what);
    return spoilt
      .filter(({ what }) => !whats.some((one) => one.includes(what)))
      .map(({ by, what }) => `${what} was not found: ${by}`);
  });
  if (lost.length > 0) problems.push(`seed ${seed}: ${lost.join('\n')}\n${found.output}`);
  const mended = await play(lab, host, tasks);
  if (mended.code !== 0) problems.push(`made right again, seed ${seed}:\n${mended.output}`);
  await isRight('after it was made right again');
  return problems;
}
