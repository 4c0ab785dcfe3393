import { createContext, Script } from 'node:vm';
import { PatternError } from './reader.ts';
import { re2 } from './re2.ts';

/** Where each group of a match begins and ends, the whole first; null for a group that took no part. */
export type Spans = ([start: number, end: number] | null)[];

/** Finds the matches in a text, from left to right: all, or the first. Throws a {@link PatternError} where it gives up. */
export type Engine = (text: string, all: boolean) => Spans[];

/** Milliseconds that an engine may take which is not linear. */
const LIMIT = 2000;

/** V8's own: for what surely ends soon. */
export function direct(source: string, flags: string): Engine {
  return (text, all) =>
    spans(all ? [...text.matchAll(new RegExp(source, `${flags}dg`))] : [new RegExp(source, `${flags}d`).exec(text)]);
}

const SEARCH = new Script(
  'all ? [...text.matchAll(new RegExp(source, `${flags}dg`))] : [new RegExp(source, `${flags}d`).exec(text)]',
);

/** V8's, interrupted when it has taken too long; `shown` is what people wrote. */
export function limited(source: string, flags: string, shown: string): Engine {
  return (text, all) => {
    try {
      return spans(
        SEARCH.runInContext(createContext({ source, flags, text, all }), {
          timeout: LIMIT,
        }) as (RegExpExecArray | null)[],
      );
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      throw new PatternError(
        `the regular expression '${shown}' took longer than ${LIMIT / 1000} s on a text of ${text.length} characters`,
      );
    }
  };
}

function spans(matches: (RegExpExecArray | null)[]): Spans[] {
  return matches.flatMap((match) => (match ? [Array.from(match.indices!, (span) => span ?? null)] : []));
}

/** RE2's, in linear time. Throws re2js's error for what it does not take. */
export function linear(source: string): Engine {
  const compiled = re2().compile(source);
  const groups = compiled.groupCount();
  return (text, all) => {
    const matcher = compiled.matcher(text);
    const found: Spans[] = [];
    while (matcher.find()) {
      found.push(
        Array.from({ length: groups + 1 }, (_, i) =>
          matcher.start(i) < 0 ? null : [matcher.start(i), matcher.end(i)],
        ),
      );
      if (!all) break;
    }
    return found;
  };
}
