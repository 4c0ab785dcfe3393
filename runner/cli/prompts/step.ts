import type { RunOptions } from '../../api/index.ts';
import type { Io } from '../io.ts';
import { question } from './question.ts';

/** Asks before each task, as `--step` wants. */
export function stepper(io: Io): NonNullable<RunOptions['step']> {
  return async (task) => {
    for (;;) {
      const answer = (await question(io, `Run '${task}'? (y)es, (n)o, (c)ontinue without asking: `))
        .trim()
        .toLowerCase();
      if (answer === '' || answer === 'n' || answer === 'no') return 'no';
      if (answer === 'y' || answer === 'yes') return 'yes';
      if (answer === 'c' || answer === 'continue') return 'continue';
    }
  };
}
