import { XrunError } from '../../diagnostics/errors.ts';
import { exec } from '../../api/index.ts';
import type { ConnectionOptions, ExecTask } from '../../api/index.ts';
import { fanOut } from '../../reporters/fan-out.ts';
import { ExecReporter } from '../../reporters/exec.ts';
import { connectionOptions } from '../options/connection.ts';
import { exitCode } from '../exit-code.ts';
import type { ConnectionFlags, InventoryFlags, OutputFlags } from '../options/flags.ts';
import { interrupts } from '../interrupts.ts';
import type { Io } from '../io.ts';
import { outOf } from '../out.ts';
import { fileReporters, onStdout, reportOptions, runStamp } from '../reporters.ts';
import { actOptions, lookOptions } from '../options/run-options.ts';
import type { LookOptions } from '../options/run-options.ts';

export type ExecFlags = InventoryFlags &
  ConnectionFlags &
  OutputFlags & { forks?: number; module?: string; args?: string; check?: boolean; diff?: boolean };

/** `xrun exec PATTERN -- COMMAND` and `xrun exec PATTERN -m MODULE -a ARGS`: each line with its host before it. */
export async function execCommand(pattern: string, command: string[], flags: ExecFlags, io: Io): Promise<number> {
  const what = whatOf(command, flags);
  return execTask({ pattern, ...what }, flags, await openSession(flags, io), io);
}

/** What several commands on the same inventory share: passwords are asked for once. */
export interface Session {
  options: Omit<LookOptions, 'playbooks'>;
  connection: ConnectionOptions;
}

export async function openSession(flags: InventoryFlags & ConnectionFlags, io: Io): Promise<Session> {
  const { playbooks: _, ...options } = await lookOptions([], flags, io);
  return { options, connection: await connectionOptions(flags, io) };
}

/** Runs one command or module on the hosts of a pattern, and shows how it goes. Returns the exit code; throws as `exec` does. */
export async function execTask(
  what: ExecTask & { pattern: string },
  flags: ExecFlags,
  { options, connection }: Session,
  io: Io,
): Promise<number> {
  const shown = reportOptions(flags, io);
  const stamp = runStamp(io);
  const main = flags.output
    ? // What the command prints is what was asked for.
      await onStdout(flags.output, io, { ...shown, verbosity: Math.max(1, shown.verbosity) }, { playbooks: [], stamp })
    : new ExecReporter(outOf(io.stdout), outOf(io.stderr), { ...shown, statuses: what.module !== undefined });
  const reporter = fanOut([main, ...(await fileReporters(flags, io, stamp))]);
  const stop = interrupts(io, (message) => reporter.on({ type: 'warning', message }));
  try {
    const summary = await exec({
      ...options,
      ...what,
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
