import type { Match, Pattern } from './pattern.ts';

const CONTROLS: Record<string, string> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};
const PIECE = /\\(?:g<([^>]*)>|(0[0-7]{0,2}|[1-3][0-7]{2})|([1-9]\d?)|([\s\S]?))/g;

/** A text with `\1`, `\g<1>` and `\g<name>` replaced by what the groups matched, `\n` and the like by what they stand for, as Python's `re.sub` does it. */
export function expand(text: string, { names }: Pick<Pattern, 'names'>, match: Match): string {
  return text.replace(PIECE, (whole, name?: string, octal?: string, number?: string, letter?: string) => {
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    if (letter !== undefined) return CONTROLS[letter] ?? whole;
    const group = name ?? (number as string);
    return match.groups[/^\d+$/.test(group) ? Number(group) : (names.get(group) ?? 0)] ?? '';
  });
}

/** What is wrong with a text that is to replace what a pattern matches; undefined where it can be used. */
export function replacementProblem(
  text: string,
  { names, count }: Pick<Pattern, 'names' | 'count'>,
): string | undefined {
  for (const [whole, name, , number] of text.matchAll(PIECE)) {
    const group = name ?? number;
    if (group === undefined || (/^\d+$/.test(group) ? Number(group) <= count : names.has(group))) continue;
    return `'${whole}': the regular expression has no such group (it has ${count})`;
  }
  return undefined;
}
