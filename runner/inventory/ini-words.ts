/** One word of a line, with its place: offsets into the line. */
export interface Word {
  text: string;
  start: number;
  end: number;
}

/** A quote without its partner. */
export class OpenQuote extends Error {
  readonly start: number;
  constructor(start: number) {
    super('the quote is not closed');
    this.start = start;
  }
}

/**
 * Splits a line as a shell would: quotes keep white space, a backslash takes the next character as it is, and `#` at
 * the beginning of a word starts a comment. Throws {@link OpenQuote}.
 */
export function splitWords(line: string): Word[] {
  const words: Word[] = [];
  let index = 0;
  for (;;) {
    while (/\s/.test(line[index] ?? '')) index++;
    if (index >= line.length || line[index] === '#') return words;
    const word = readWord(line, index);
    words.push(word);
    index = word.end;
  }
}

function readWord(line: string, start: number): Word {
  let text = '';
  let index = start;
  while (index < line.length && !/\s/.test(line[index] ?? '')) {
    const sign = line[index] ?? '';
    if (sign === '"' || sign === "'") {
      const [inside, end] = readQuoted(line, index);
      text += inside;
      index = end;
    } else if (sign === '\\' && index + 1 < line.length) {
      text += line[index + 1];
      index += 2;
    } else {
      text += sign;
      index++;
    }
  }
  return { text, start, end: index };
}

/** In double quotes a backslash takes a quote or a backslash as it is; in single quotes nothing is special. */
function readQuoted(line: string, start: number): [text: string, end: number] {
  const quote = line[start];
  let text = '';
  for (let index = start + 1; index < line.length; index++) {
    const sign = line[index] ?? '';
    const next = line[index + 1];
    if (sign === quote) return [text, index + 1];
    if (quote === '"' && sign === '\\' && (next === '"' || next === '\\')) {
      text += next;
      index++;
    } else {
      text += sign;
    }
  }
  throw new OpenQuote(start);
}
