import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { XrunError } from '../../diagnostics/errors.ts';
import { fanOut } from '../../reporters/fan-out.ts';
import { merge } from '../../reporters/merge/merge.ts';
import type { MergedRun } from '../../reporters/merge/merge.ts';
import { readPart } from '../../reporters/merge/part.ts';
import type { Part } from '../../reporters/merge/part.ts';
import { exitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import type { OutputFlags } from '../options/flags.ts';
import { reporters } from '../reporters.ts';

/**
 * `xrun merge-reports DIR`: shows the runs of all shards as one, and writes its reports. Returns the exit code that one run
 * would have had; 1 where a shard's report is missing or has no end.
 *
 * @throws XrunError E_REPORT
 */
export async function mergeReportsCommand(
  directory: string,
  flags: OutputFlags & { detailedExitcode?: boolean },
  io: Io,
): Promise<number> {
  const run = merge(partsIn(directory, io.cwd));
  const reporter = fanOut(await reporters([], { ...flags, output: flags.output ?? 'plain' }, io));
  for (const event of run.events) reporter.on(event);
  await reporter.close?.();
  return exitCode(summaryOf(run), flags.detailedExitcode ?? false);
}

/** Every file below the directory whose name ends with `.jsonl`. */
function partsIn(directory: string, cwd: string): Part[] {
  let names: string[];
  try {
    names = readdirSync(path.resolve(cwd, directory), { recursive: true, encoding: 'utf8' });
  } catch (cause) {
    throw new XrunError('E_REPORT', `cannot read ${directory}: ${(cause as Error).message}`, { cause });
  }
  const files = names.filter((name) => name.endsWith('.jsonl')).sort();
  if (files.length === 0)
    throw new XrunError('E_REPORT', `there is no report in ${directory}`, {
      hint: 'Expected files `*.jsonl`, one that `xrun ... --shard K/N --jsonl FILE` has written for each shard.',
    });
  return files.map((name) => {
    const file = path.join(directory, name);
    return readPart(file, readFileSync(path.resolve(cwd, file), 'utf8'));
  });
}

function summaryOf({ end: { stats, interrupted }, complete }: MergedRun) {
  const all = Object.values(stats);
  return {
    stats,
    interrupted,
    untouched: false,
    retryable: [],
    changed: all.some((each) => each.changed > 0),
    unknown: all.some((each) => each.unknown > 0),
    failed: !complete || all.some((each) => each.failed + each.unreachable > 0),
  };
}
