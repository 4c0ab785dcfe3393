import { XrunError } from '../errors.ts';

/**
 * Splits as a POSIX shell does, quotes and backslashes taken off; nothing is expanded.
 * @throws XrunError E_QUOTES for a quote that is not closed
 */
export function shellWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  const add = (part: string) => (word = (word ?? '') + part);
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (/\s/.test(c)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (c === '\\' && i + 1 < text.length) {
      add(text.charAt(++i));
    } else if (c === '"' || c === "'") {
      const quoted = untilQuote(text, i + 1, c);
      add(quoted.text);
      i = quoted.end;
    } else {
      add(c);
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** The text up to the closing quote, and where that stands. In double quotes a backslash takes `"` and `\` along. */
function untilQuote(text: string, start: number, quote: string): { text: string; end: number } {
  let inside = '';
  for (let i = start; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === quote) return { text: inside, end: i };
    const escaped = quote === '"' && c === '\\' && ['"', '\\'].includes(text.charAt(i + 1));
    inside += escaped ? text.charAt(++i) : c;
  }
  throw new XrunError('E_QUOTES', `a ${quote} is not closed in: ${text}`);
}
