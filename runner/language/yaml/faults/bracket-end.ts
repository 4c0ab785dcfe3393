/**
 * Behind the bracket that closes a mapping or list of brackets: the parser does not report where it is.
 *
 * @param from offset behind the last thing in it: only blanks, commas and comments come before the bracket
 * @returns `from` where there is none
 */
export function bracketEnd(text: string, from: number): number {
  const closing = /#.*|[\]}]/g;
  closing.lastIndex = from;
  let found = closing.exec(text);
  while (found?.[0].startsWith('#')) found = closing.exec(text);
  return found ? closing.lastIndex : from;
}
