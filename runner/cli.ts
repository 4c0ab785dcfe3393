import { CommanderError } from 'commander';
import type { Command } from 'commander';
import { EXIT } from './cli/exit-code.ts';
import type { Io } from './cli/io.ts';
import { outOf } from './cli/out.ts';
import { program } from './cli/program.ts';

export type { Io } from './cli/io.ts';
export { processIo } from './cli/process-io.ts';

/**
 * The whole command line: parses, does, reports.
 *
 * @param argv without node and the script
 * @returns the exit code; nothing is thrown and the process is not ended
 */
export async function cli(argv: readonly string[], io: Io, version: string): Promise<number> {
  let code: number = EXIT.ok;
  const root = program(io, version, (ended) => (code = ended));
  speakThrough(root, io);
  try {
    await root.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has told the person already; help and version leave with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const { showError } = await import('./cli/show-error.ts');
    return showError(error, io);
  }
}

/** Every command writes to the given streams and throws where it would leave the process. */
function speakThrough(command: Command, io: Io): void {
  const out = outOf(io.stdout);
  const err = outOf(io.stderr);
  command.exitOverride().configureOutput({ writeOut: (text) => void out.write(text), writeErr: (text) => void err.write(text) });
  for (const sub of command.commands) speakThrough(sub, io);
}
