import type { Event, Reporter } from '../model/events.ts';

/** Several reporters as one: each sees every event, in order. */
export function fanOut(reporters: readonly Reporter[]): Reporter {
  return {
    on: (event: Event) => {
      for (const reporter of reporters) reporter.on(event);
    },
    quiet: async () => {
      await Promise.all(reporters.map((reporter) => reporter.quiet?.()));
    },
    close: async () => {
      await Promise.all(reporters.map((reporter) => reporter.close?.()));
    },
  };
}
