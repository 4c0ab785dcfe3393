import { XrunError } from '../../diagnostics/errors.ts';
import type { RunOptions } from '../../api/index.ts';
import type { Io } from '../io.ts';
import { question } from './question.ts';

/** Asks what a play's `vars_prompt` wants to know; an empty answer, or none, is the default's. */
export function varsPrompter(io: Io): NonNullable<RunOptions['prompt']> {
  return async (prompt) => {
    const preset = prompt.default === undefined ? '' : ` [${String(prompt.default)}]`;
    for (;;) {
      const answer = await question(io, `${prompt.prompt}${preset}: `, prompt.private).catch((error: unknown) => {
        // No terminal to answer from, as in a job of a CI.
        if (error instanceof XrunError && error.code === 'E_NO_ANSWER' && prompt.default !== undefined) return '';
        throw error;
      });
      if (answer === '' && prompt.default !== undefined) return String(prompt.default);
      if (!prompt.confirm || answer === (await question(io, `${prompt.prompt}, once more: `, prompt.private)))
        return answer;
      io.stderr.write('The two answers differ.\n');
    }
  };
}
