/** Strings, which are passed over, and numbers of a JSON text. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A JSON text whose numbers survive JSON.parse and JSON.stringify as they are written. */
export interface KeptNumbers {
  /** The text, with those numbers as marked strings that JavaScript would write otherwise: `1.0`, `12345678901234567890`. */
  text: string;
  /** Gives them back to a text of JSON.stringify. */
  restore(written: string): string;
}

/** Keeps numbers as they are written: JavaScript has 53 bits for one, files of others have more. `others`: texts that will be in it too. */
export function keepNumbers(text: string, others: string): KeptNumbers {
  let mark = 'number ';
  while (text.includes(mark) || others.includes(mark)) mark += ' ';
  const marked = text.replace(TOKENS, (token) =>
    token.startsWith('"') || String(Number(token)) === token ? token : `"${mark}${token}"`,
  );
  return { text: marked, restore: (written) => written.replaceAll(new RegExp(`"${mark}([^"]*)"`, 'g'), '$1') };
}
