import { run } from '../../api/index.ts';
import { fanOut } from '../../reporters/fan-out.ts';
import { connectionOptions } from '../options/connection.ts';
import { exitCode } from '../exit-code.ts';
import type { RunFlags } from '../options/flags.ts';
import { interrupts } from '../interrupts.ts';
import type { Io } from '../io.ts';
import { refuseMistypedCommand } from './mistyped-command.ts';
import { reporters } from '../reporters.ts';
import { lookOptions } from '../options/run-options.ts';
import { stepper } from '../prompts/step.ts';
import { varsPrompter } from '../prompts/vars-prompt.ts';

/** `xrun run`: returns the exit code; throws what was wrong before anything was touched. */
export async function runCommand(playbooks: string[], flags: RunFlags, io: Io): Promise<number> {
  refuseMistypedCommand(playbooks[0] ?? '', io.cwd);
  if (flags.listHosts || flags.listTasks || flags.listTags)
    return (await import('./list.ts')).listCommand(playbooks, flags, io);
  const options = await lookOptions(playbooks, flags, io);
  const connection = await connectionOptions(flags, io);
  const reporter = fanOut(await reporters(playbooks, flags, io));
  const prompt = varsPrompter(io);
  const stop = interrupts(io, (message) => reporter.on({ type: 'warning', message }));
  try {
    const summary = await run({
      ...options,
      connection,
      reporters: [reporter],
      ...(flags.forks !== undefined && { forks: flags.forks }),
      ...(flags.verbose > 0 && { verbosity: flags.verbose }),
      check: flags.check ?? false,
      diff: flags.diff ?? false,
      ...(flags.forceHandlers && { forceHandlers: true }),
      ...(flags.step && { step: stepper(io) }),
      prompt: async (asked) => {
        await reporter.quiet?.();
        return prompt(asked);
      },
      drain: stop.drain,
      signal: stop.signal,
    });
    return exitCode(summary, flags.detailedExitcode ?? false);
  } finally {
    stop.done();
    await reporter.close?.();
  }
}
