/**
 * How a module is proved on a real host. All rows are tasks of one playbook, in order, so each must leave alone what
 * the others manage.
 */
export interface Row {
  /** What sets this row apart from another one of the same module. */
  title?: string;
  /** Shell text that prepares the host, run before any task. */
  given?: string;
  /** The module and its arguments. */
  task: Record<string, unknown>;
  /** What to ask the host, and the answer after the task; before it the answer is another one. */
  ask: string;
  answer: string;
  drift?: Drift;
}

/** Somebody changes attributes by hand: a check tells them and nothing else, and the run mends them and nothing else. */
export interface Drift {
  /** Shell text that does it. */
  by: string;
  /** Every line of the difference: what it is of, and a part of what is found and of what is wanted; null for nothing. */
  tells: Record<string, [found: string | null, wanted: string | null]>;
}

/** The name of the row's task and test. */
export function nameOf({ task, title }: Row): string {
  return [Object.keys(task)[0] as string, ...(title ? [title] : [])].join(', ');
}
