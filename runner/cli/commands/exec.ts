import { XrunError } from '../../diagnostics/errors.ts';
import { exec } from '../../api/index.ts';
import type { ExecTask } from '../../api/index.ts';
import { fanOut } from '../../reporters/fan-out.ts';
import { ExecReporter } from '../../reporters/exec.ts';
import { connectionOptions } from '../options/connection.ts';
import { exitCode } from '../exit-code.ts';
import type { ConnectionFlags, InventoryFlags, OutputFlags } from '../options/flags.ts';
import { interrupts } from '../interrupts.ts';
import type { Io } from '../io.ts';
import { outOf } from '../out.ts';
import { fileReporters, onStdout, reportOptions } from '../reporters.ts';
import { actOptions, lookOptions } from '../options/run-options.ts';

type ExecFlags = InventoryFlags &
  ConnectionFlags &
  OutputFlags & { forks?: number; module?: string; args?: string; check?: boolean; diff?: boolean };

/** `xrun exec PATTERN -- COMMAND` and `xrun exec PATTERN -m MODULE -a ARGS`: each line with its host before it. */
export async function execCommand(pattern: string, command: string[], flags: ExecFlags, io: Io): Promise<number> {
  const what = whatOf(command, flags);
  const { playbooks: _, ...options } = await lookOptions([], flags, io);
  const connection = await connectionOptions(flags, io);
  const shown = reportOptions(flags, io);
  const main = flags.output
    ? await onStdout(flags.output, io, shown, [])
    : new ExecReporter(outOf(io.stdout), outOf(io.stderr), { ...shown, statuses: what.module !== undefined });
  const reporter = fanOut([main, ...(await fileReporters(flags, io))]);
  const stop = interrupts(io, (message) => reporter.on({ type: 'warning', message }));
  try {
    const summary = await exec({
      ...options,
      ...what,
      pattern,
      connection,
      reporters: [reporter],
      ...actOptions(flags, stop),
    });
    return exitCode(summary, false);
  } finally {
    stop.done();
    await reporter.close?.();
  }
}

/** Throws XrunError E_USAGE where there is not exactly one of a command and a module. */
function whatOf(command: string[], { module, args }: ExecFlags): ExecTask {
  if (module !== undefined && command.length > 0)
    throw new XrunError('E_USAGE', '`xrun exec` takes a command or a module, not both', {
      hint: `Give the arguments of the module as one text: \`-m ${module} -a '...'\`.`,
    });
  if (module !== undefined) return { module: { name: module, ...(args !== undefined && { args }) } };
  if (args !== undefined)
    throw new XrunError('E_USAGE', '--args needs --module', {
      hint: "Name a module: `-m copy -a 'dest=/etc/motd content=hello'`.",
    });
  if (command.length > 0) return { command };
  throw new XrunError('E_USAGE', '`xrun exec` needs a command or a module', {
    hint: 'Write the command after `--`, or name a module: `-m ping`.',
  });
}
