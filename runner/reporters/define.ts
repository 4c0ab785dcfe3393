import { API_VERSION } from '../model/api-version.ts';
import type { Stamp } from '../model/api-version.ts';
import type { Reporter } from '../model/events.ts';
import type { ReportOptions, Sink } from './options.ts';

/** A way to show runs that `--output NAME` chooses. */
export interface ReporterDefinition extends Stamp<'reporter'> {
  name: string;
  /** One line, as `--output` lists it. */
  summary: string;
  /** Makes the reporter of one run. It gets every event in order, and writes to `sink`. */
  create(sink: Sink, options: ReportOptions): Reporter;
}

/** Returns the definition with the version of the API that it is written for. */
export function defineReporter(reporter: ReporterDefinition): ReporterDefinition {
  return { kind: 'reporter', api: API_VERSION, ...reporter };
}
