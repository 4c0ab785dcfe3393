import { CommanderError } from 'commander';
import type { Command } from 'commander';
import { EXIT } from './exit-code.ts';
import type { Io } from './io.ts';
import { losses, outOf } from './out.ts';
import { program } from './program.ts';
import { clean } from '../diagnostics/clean.ts';

export type { Io } from './io.ts';
export { processIo } from './process-io.ts';

/**
 * The whole command line: parses, does, reports.
 *
 * @param argv without node and the script
 * @returns the exit code; nothing is thrown and the process is not ended
 */
export async function cli(argv: readonly string[], world: Io, version: string): Promise<number> {
  const io = { ...world, version };
  let code: number = EXIT.ok;
  const root = program(io, version, (ended) => (code = ended));
  speakThrough(root, io);
  const ended = await endOf(root, argv, io, () => code);
  const lost = await losses(io);
  for (const sentence of lost) outOf(io.stderr).write(`error[E_OUTPUT]: ${clean(sentence)}\n`);
  return lost.length === 0 || ended === EXIT.usage || ended === EXIT.interrupted ? ended : EXIT.failed;
}

async function endOf(root: Command, argv: readonly string[], io: Io, code: () => number): Promise<number> {
  try {
    await root.parseAsync(argv, { from: 'user' });
    return code();
  } catch (error) {
    // Commander has reported it already; help and version leave with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const { showError } = await import('./show-error.ts');
    return showError(error, io);
  }
}

/** Every command writes to the given streams and throws where it would leave the process. */
function speakThrough(command: Command, io: Io): void {
  const out = outOf(io.stdout);
  const err = outOf(io.stderr);
  command
    .exitOverride()
    .configureOutput({ writeOut: (text) => void out.write(text), writeErr: (text) => void err.write(clean(text)) });
  for (const sub of command.commands) speakThrough(sub, io);
}
