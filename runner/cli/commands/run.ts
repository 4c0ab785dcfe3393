import type { Command } from 'commander';
import { run } from '../../api/index.ts';
import { oneLine } from '../../diagnostics/clean.ts';
import { fanOut } from '../../reporters/fan-out.ts';
import { connectionOptions } from '../options/connection.ts';
import { exitCode } from '../exit-code.ts';
import type { RunFlags } from '../options/flags.ts';
import { interrupts } from '../interrupts.ts';
import type { Io } from '../io.ts';
import { refuseMistypedCommand } from '../options/mistyped-command.ts';
import { outOf } from '../out.ts';
import { reporters } from '../reporters.ts';
import { retryCommand } from '../options/retry-command.ts';
import { actOptions, lookOptions } from '../options/run-options.ts';
import { stepper } from '../prompts/step.ts';
import { varsPrompter } from '../prompts/vars-prompt.ts';

/**
 * `xrun run`: returns the exit code; throws what was wrong before anything was touched.
 *
 * @param command what was parsed, for the command that retries
 */
export async function runCommand(playbooks: string[], flags: RunFlags, io: Io, command: Command): Promise<number> {
  const commands = command.parent?.commands.map((each) => each.name()) ?? [];
  refuseMistypedCommand(playbooks[0] ?? '', [...commands, 'help'], io.cwd);
  if (flags.listHosts || flags.listTasks || flags.listTags)
    return (await import('./list.ts')).listCommand(playbooks, flags, io);
  const options = await lookOptions(playbooks, flags, io);
  const connection = await connectionOptions(flags, io);
  const reporter = fanOut(await reporters(playbooks, flags, io));
  const prompt = varsPrompter(io);
  const stop = interrupts(io, (message) => reporter.on({ type: 'warning', message }));
  let retry = false;
  try {
    const summary = await run({
      ...options,
      connection,
      reporters: [reporter],
      ...actOptions(flags, stop),
      ...(flags.forceHandlers && { forceHandlers: true }),
      ...(flags.step && { step: stepper(io) }),
      prompt: async (asked) => {
        await reporter.quiet?.();
        return prompt(asked);
      },
    });
    retry = summary.retryable.length > 0;
    return exitCode(summary, flags.detailedExitcode ?? false);
  } finally {
    stop.done();
    await reporter.close?.();
    if (retry) outOf(io.stderr).write(`retry them: ${oneLine(retryCommand(playbooks, command))}\n`);
  }
}
