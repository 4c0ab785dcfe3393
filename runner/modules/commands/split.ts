/**
 * A command line's words, as a shell would split it, with quotes and backslashes honoured and nothing expanded.
 * Throws a plain Error for a quote that is not closed.
 */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  const token = /\s+|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\]+)|(['"\\])/g;
  let word: string | undefined;
  for (const [all, single, double, escaped, plain, open] of line.matchAll(token)) {
    if (open !== undefined) throw new Error(open === '\\' ? 'a backslash at the end escapes nothing' : `a ${open} is not closed`);
    if (/^\s/.test(all)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    // Within double quotes a backslash escapes only what is special there.
    const piece = single ?? double?.replace(/\\([$`"\\])/g, '$1').replaceAll('\\\n', '') ?? escaped ?? plain ?? '';
    word = (word ?? '') + piece;
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** Why a line is no command; undefined where it is one. */
export function splitProblem(line: string): string | undefined {
  try {
    return splitWords(line).length === 0 ? 'there is no command' : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
