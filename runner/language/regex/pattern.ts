import { degree } from './effort.ts';
import { direct, limited, linear } from './engines.ts';
import type { Engine, Spans } from './engines.ts';
import { parsePattern } from './parse.ts';
import type { Flags, Parsed } from './parse.ts';
import { PatternError } from './reader.ts';
import { toRe2, toV8 } from './write.ts';

/** One match in a text. */
export interface Match {
  /** Where it begins and ends. */
  start: number;
  end: number;
  /** What the groups matched, the whole first; undefined for those that took no part. */
  groups: (string | undefined)[];
  /** Where each of them is. */
  spans: Spans;
}

/** Steps of a backtracking engine that take no time worth mentioning. */
const CHEAP = 1_000_000;

/**
 * A regular expression in Python's dialect. It is matched in linear time, save where it looks around or refers to what
 * it has matched: that is given up after two seconds. Throws a {@link PatternError} where it is made or, then, used.
 */
export class Pattern {
  readonly source: string;
  /** Numbers of the groups that have names. */
  readonly names: ReadonlyMap<string, number>;
  /** How many groups it has. */
  readonly count: number;
  readonly #degree: number;
  readonly #direct: Engine | undefined;
  readonly #parsed: Parsed;
  #thorough: Engine | undefined;

  constructor(source: string, flags: Partial<Flags> = {}) {
    this.source = source;
    this.#parsed = parsePattern(source, flags);
    ({ names: this.names, count: this.count } = this.#parsed);
    this.#degree = degree(this.#parsed.body);
    const v8 = toV8(this.#parsed);
    try {
      if (v8) new RegExp(v8.source, v8.flags);
    } catch (error) {
      throw new PatternError((error as Error).message.replace(/^Invalid regular expression: .*: /, ''));
    }
    this.#direct = v8 && direct(v8.source, v8.flags);
    if (!v8) this.#thorough = this.#safe();
  }

  test(text: string): boolean {
    return this.#search(text, false).length > 0;
  }

  /** The first match. */
  first(text: string): Match | undefined {
    const [found] = this.#search(text, false);
    return found && matchOf(text, found);
  }

  /** All matches that do not overlap; an empty one directly behind another is none, as in Perl. */
  all(text: string): Match[] {
    let end = -1;
    return this.#search(text, true).flatMap((found) => {
      const match = matchOf(text, found);
      if (match.start === match.end && match.start === end) return [];
      end = match.end;
      return [match];
    });
  }

  #search(text: string, all: boolean): Spans[] {
    const cheap = (text.length + 1) ** (this.#degree + 1) <= CHEAP;
    const engine = cheap ? (this.#direct ?? this.#thorough) : undefined;
    return (engine ?? (this.#thorough ??= this.#safe()))(text, all);
  }

  #safe(): Engine {
    const source = toRe2(this.#parsed);
    const v8 = toV8(this.#parsed);
    try {
      if (source !== undefined) return linear(source);
    } catch (error) {
      // Beyond RE2's limits: repetitions of more than a thousand.
      if (!v8) throw new PatternError((error as Error).message);
    }
    if (!v8)
      throw new PatternError(
        'flags for a part of a pattern cannot be combined with what looks around or refers to a group',
      );
    return limited(v8.source, v8.flags, this.source);
  }
}

function matchOf(text: string, spans: Spans): Match {
  const [start, end] = spans[0] as [number, number];
  return { start, end, groups: spans.map((span) => (span ? text.slice(...span) : undefined)), spans };
}

/** What is wrong with a regular expression, and at which character; undefined where it can be used. */
export function patternProblem(source: string, flags: Partial<Flags> = {}): string | undefined {
  try {
    new Pattern(source, flags);
    return undefined;
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return `'${source}' is not a valid regular expression: ${error.message}${error.at !== undefined ? ` at character ${error.at + 1}` : ''}`;
  }
}
