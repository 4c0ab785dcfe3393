import type { Failure } from '../../model/events.ts';
import type { Task } from '../../model/playbook.ts';

/** How a list of tasks is being run. */
export interface Frame {
  /** There is a rescue: a failure counts as rescued. */
  covered: boolean;
  handler: boolean;
  /** An `always`: it runs even where the play has been ended for everybody. */
  cleanup?: boolean;
  /** The tasks that follow, for looking ahead. */
  upcoming(): Iterable<Task>;
}

/** Hosts that failed in a list, and why. */
export type FailedHosts = Map<string, Failure>;
