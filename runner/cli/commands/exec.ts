import { exec } from '../../api/index.ts';
import { fanOut } from '../../reporters/fan-out.ts';
import { ExecReporter } from '../../reporters/exec.ts';
import { connectionOptions } from '../options/connection.ts';
import { exitCode } from '../exit-code.ts';
import type { ConnectionFlags, InventoryFlags, OutputFlags } from '../options/flags.ts';
import { interrupts } from '../interrupts.ts';
import type { Io } from '../io.ts';
import { outOf } from '../out.ts';
import { fileReporters, onStdout, reportOptions } from '../reporters.ts';
import { lookOptions } from '../options/run-options.ts';

type ExecFlags = InventoryFlags & ConnectionFlags & OutputFlags & { forks?: number };

/** `xrun exec PATTERN -- COMMAND`: streamed, each line with its host before it. */
export async function execCommand(pattern: string, command: string[], flags: ExecFlags, io: Io): Promise<number> {
  const { playbooks: _, ...options } = await lookOptions([], flags, io);
  const connection = await connectionOptions(flags, io);
  const shown = reportOptions(flags, io);
  const main = flags.output
    ? await onStdout(flags.output, io, shown, [])
    : new ExecReporter(outOf(io.stdout), outOf(io.stderr), shown);
  const reporter = fanOut([main, ...(await fileReporters(flags, io))]);
  const stop = interrupts(io, (message) => reporter.on({ type: 'warning', message }));
  try {
    const summary = await exec({
      ...options,
      pattern,
      command,
      connection,
      reporters: [reporter],
      ...(flags.forks !== undefined && { forks: flags.forks }),
      drain: stop.drain,
      signal: stop.signal,
    });
    return exitCode(summary, false);
  } finally {
    stop.done();
    await reporter.close?.();
  }
}
