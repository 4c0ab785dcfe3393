import { dumpYaml, gatherFacts } from '../../api/index.ts';
import { clean, safeJson } from '../../diagnostics/clean.ts';
import { ExecReporter } from '../../reporters/exec.ts';
import { connectionOptions } from '../options/connection.ts';
import { exitCode } from '../exit-code.ts';
import type { ConnectionFlags, InventoryFlags } from '../options/flags.ts';
import { interrupts } from '../interrupts.ts';
import type { Io } from '../io.ts';
import { outOf } from '../out.ts';
import { reportOptions } from '../reporters.ts';
import { lookOptions } from '../options/run-options.ts';

type FactsFlags = InventoryFlags & ConnectionFlags & { json?: boolean };

/** `xrun facts HOST`: gathers the facts of a host and prints them; what goes wrong is on stderr. */
export async function factsCommand(host: string, flags: FactsFlags, io: Io): Promise<number> {
  const { playbooks: _, ...options } = await lookOptions([], flags, io);
  const connection = await connectionOptions(flags, io);
  const err = outOf(io.stderr);
  const reporter = new ExecReporter(
    err,
    err,
    reportOptions({ ...flags, junit: [], report: [], jsonl: [], verbose: 0 }, io),
  );
  const stop = interrupts(io, (message) => reporter.on({ type: 'warning', message }));
  try {
    const { summary, facts } = await gatherFacts(host, {
      ...options,
      connection,
      reporters: [reporter],
      drain: stop.drain,
      signal: stop.signal,
    });
    if (facts)
      outOf(io.stdout).write(flags.json ? `${safeJson(JSON.stringify(facts, null, 2))}\n` : clean(dumpYaml(facts)));
    return exitCode(summary, false);
  } finally {
    stop.done();
  }
}
