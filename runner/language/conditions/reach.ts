import { XrunError } from '../../diagnostics/errors.ts';
import type { Reach } from '../templates/helpers/helper.ts';

/** What the helpers of the condition that is being evaluated may reach; cel-js hands functions nothing but arguments. */
let current: Reach | undefined;

/** Does what evaluates conditions, whose helpers may reach this. */
export function withReach<T>(reach: Reach, work: () => T): T {
  const outer = current;
  current = reach;
  try {
    return work();
  } finally {
    current = outer;
  }
}

/** What a helper in a condition may reach. Throws E_CONDITION where nothing is being evaluated. */
export function reachNow(): Reach {
  if (!current) throw new XrunError('E_CONDITION', 'the condition is evaluated outside of a run');
  return current;
}
