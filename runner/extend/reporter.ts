// The public entry point `xrun/reporter`: what a run reports, and how to show it.
export { API_VERSION } from '../model/api-version.ts';
export type { Diff, Event, Failure, Matrix, MatrixCell, Reporter, Stats, Status, TaskRef } from '../model/events.ts';
export { defineReporter } from '../reporters/define.ts';
export type { ReporterDefinition } from '../reporters/define.ts';
export type { ReportOptions, Sink } from '../reporters/options.ts';
/** Text of hosts and users made fit for a terminal: without control characters. */
export { clean, oneLine } from '../diagnostics/clean.ts';
