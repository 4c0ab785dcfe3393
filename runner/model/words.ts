/** One word of a line, with its place: offsets into the line, quotes counted. */
export interface Word {
  text: string;
  start: number;
  end: number;
}

/** A line that cannot be split: a quote without its partner, or a backslash at the end. */
export class SplitError extends Error {
  /** Offset of the sign that is to blame. */
  readonly start: number;
  constructor(message: string, start: number) {
    super(message);
    this.start = start;
  }
}

/** White space, a comment, the kinds of pieces that a word is made of, and what is wrong. */
const TOKEN = /(\s+)|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\]+)|(['"\\])/g;

/**
 * The words of a line as a POSIX shell splits it: quotes and backslashes are honoured and taken off, nothing is expanded.
 * Commands, `-e` and INI inventories are split by it.
 *
 * @param how.comments `#` at the beginning of a word begins a comment
 * @throws SplitError
 */
export function wordsOf(line: string, how: { comments?: boolean } = {}): Word[] {
  const words: Word[] = [];
  let word: Word | undefined;
  for (const match of line.matchAll(TOKEN)) {
    const [all, space, single, double, escaped, plain, open] = match;
    if (open !== undefined)
      throw new SplitError(
        open === '\\' ? 'a backslash at the end escapes nothing' : `a ${open} is not closed`,
        match.index,
      );
    if (space !== undefined) {
      word = undefined;
      continue;
    }
    if (how.comments && word === undefined && plain?.startsWith('#')) break;
    if (word === undefined) words.push((word = { text: '', start: match.index, end: 0 }));
    // Within double quotes a backslash escapes only what is special there.
    word.text += single ?? double?.replace(/\\([$`"\\])/g, '$1').replaceAll('\\\n', '') ?? escaped ?? plain ?? '';
    word.end = match.index + all.length;
  }
  return words;
}

/** The texts of {@link wordsOf}. */
export function splitWords(line: string): string[] {
  return wordsOf(line).map(({ text }) => text);
}

/** Why a line is not a command; undefined where it is one. */
export function splitProblem(line: string): string | undefined {
  try {
    return wordsOf(line).length === 0 ? 'the command is empty' : undefined;
  } catch (error) {
    if (error instanceof SplitError) return error.message;
    throw error;
  }
}
