import { XrunError } from '../diagnostics/errors.ts';
import type { Reporter } from '../model/events.ts';
import { projectReporters } from '../api/index.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import type { ReportOptions } from '../reporters/options.ts';
import { OUTPUTS } from '../model/options/command-options.ts';
import type { Io } from './io.ts';
import { noteLoss, outOf } from './out.ts';

/**
 * The reporter of that name that a plugin of the project defines, on stdout. One that throws is given no further event,
 * and makes the exit code 1: the run itself goes on.
 *
 * @throws XrunError E_OUTPUT_KIND where there is none; what is wrong with the plugins
 */
export async function pluginReporter(
  name: string,
  io: Io,
  options: ReportOptions,
  playbooks: readonly string[],
): Promise<Reporter> {
  const known = await projectReporters({ playbooks, cwd: io.cwd });
  const definition = known.get(name);
  if (!definition) {
    const names = [...OUTPUTS, ...known.keys()];
    throw new XrunError('E_OUTPUT_KIND', `there is no output '${name}'`, {
      hint: didYouMean(name, names) ?? `Expected one of ${names.join(', ')}.`,
    });
  }
  let broken = false;
  const attempt = async (work: () => unknown) => {
    try {
      if (!broken) await work();
    } catch (error) {
      broken = true;
      noteLoss(io, `the output of the reporter '${name}'`, error instanceof Error ? error : new Error(String(error)));
    }
  };
  let reporter: Reporter | undefined;
  await attempt(() => (reporter = definition.create(outOf(io.stdout), options)));
  return { on: (event) => void attempt(() => reporter?.on(event)), close: () => attempt(() => reporter?.close?.()) };
}
