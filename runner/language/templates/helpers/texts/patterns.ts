import { Pattern } from '../../../regex/pattern.ts';
import { PatternError } from '../../../regex/reader.ts';
import { BadArgument } from '../helper.ts';
import { text } from '../take.ts';

/** Patterns that were read, since conditions are asked for each host. */
const patterns = new Map<string, Pattern>();

/** The named arguments that helpers with regular expressions have. */
export const patternFlags = {
  ignoreCase: 'true: capitals and small letters are the same',
  multiline: 'true: ^ and $ are those of lines',
};

/** What `use` makes of the pattern that is the second argument. Throws BadArgument where it is not valid. */
export function matching<T>(args: unknown[], use: (pattern: Pattern) => T, named: Record<string, unknown> = {}): T {
  const flags = `${named.ignoreCase === true ? 'i' : ''}${named.multiline === true ? 'm' : ''}`;
  const source = `${flags && `(?${flags})`}${text(args, 1)}`;
  try {
    const pattern = patterns.get(source) ?? new Pattern(source);
    if (patterns.size > 1000) patterns.clear();
    patterns.set(source, pattern);
    return use(pattern);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new BadArgument(`'${source}' is not a valid regular expression: ${error.message}`, 1);
  }
}
