import { XrunError } from '../../diagnostics/errors.ts';
import type { Step } from '../../model/module.ts';
import type { TaskContext } from '../task/context.ts';

/** Asks the user, and returns the answer; without a terminal, the empty one, with a warning. */
export async function ask(
  { run, task }: TaskContext,
  { question, hidden }: Extract<Step, { do: 'ask' }>,
): Promise<string> {
  const unanswered = () => {
    run.emit({
      type: 'warning',
      message: `stdin is not a terminal, so '${question}' gets no answer; going on`,
      at: task.at,
    });
    return '';
  };
  if (!run.options.prompt) return unanswered();
  try {
    return await run.options.prompt({ name: task.module, prompt: question, private: hidden ?? false, confirm: false });
  } catch (error) {
    if (error instanceof XrunError && error.code === 'E_NO_ANSWER') return unanswered();
    throw error;
  }
}
