import type { RunSummary } from '../api/index.ts';

/** What scripts and CI jobs decide by; docs/cli.md lists them. */
export const EXIT = {
  ok: 0,
  /** A host failed or was unreachable. Also a bug of xrun's: 2 would promise that nothing was touched. */
  failed: 1,
  /** Usage, playbook or inventory; nothing was touched. */
  usage: 2,
  /** With --detailed-exitcode: something changed, or would. */
  changes: 3,
  /** With --detailed-exitcode: nothing known would change, but a check cannot know everything. */
  unknown: 4,
  interrupted: 130,
} as const;

/** The exit code of a run. `detailed`: as `--detailed-exitcode` wants it. */
export function exitCode(summary: RunSummary, detailed: boolean): number {
  if (summary.interrupted) return EXIT.interrupted;
  if (summary.untouched) return EXIT.usage;
  if (summary.failed) return EXIT.failed;
  if (!detailed) return EXIT.ok;
  if (summary.changed) return EXIT.changes;
  return summary.unknown ? EXIT.unknown : EXIT.ok;
}
