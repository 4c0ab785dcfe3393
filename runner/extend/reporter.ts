// The public entry point `xrun/reporter`: what a run tells, and how to show it.
export { API_VERSION } from '../api-version.ts';
export type { Diff, Event, Failure, Matrix, MatrixCell, Reporter, Stats, Status, TaskRef } from '../events.ts';
export { defineReporter } from '../report/define.ts';
export type { ReporterDefinition } from '../report/define.ts';
export type { ReportOptions, Sink } from '../report/options.ts';
/** Text of hosts and users made fit for a terminal: without control characters. */
export { clean, oneLine } from '../text/clean.ts';
