import type { Event, Reporter } from '../../runner/model/events.ts';
import type { ReportOptions, Sink } from '../../runner/reporters/options.ts';
import { events } from './events.ts';

export const options: ReportOptions = { color: false, verbosity: 0, diff: false, columns: 100 };

/** All that a reporter writes of a run. */
export async function shown(make: (out: Sink) => Reporter, run: readonly Event[] = events): Promise<string> {
  let text = '';
  const reporter = make({ write: (part) => (text += part) });
  for (const event of run) reporter.on(event);
  await reporter.close?.();
  return text;
}
