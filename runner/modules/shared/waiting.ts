import type { Step, StepResult } from '../../model/module.ts';

/** A pause, in seconds; none where there are none. */
export function pausing(seconds: number): Step[] {
  return seconds > 0 ? [{ do: 'sleep', seconds }] : [];
}

/** Seconds that hosts took to come back. */
export function elapsedIn(steps: readonly StepResult[]): { elapsed: number } {
  return { elapsed: steps.reduce((sum, { elapsed = 0 }) => sum + elapsed, 0) };
}
