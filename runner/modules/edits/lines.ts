/** A text's lines, each without its line ending, and what is needed to put them together again. */
export interface Lines {
  lines: string[];
  ending: string;
}

/** Splits a text; a last line without an ending gets one when it is joined, as an editor would do. */
export function splitLines(text: string): Lines {
  const ending = /\r\n/.test(text) ? '\r\n' : '\n';
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return { lines, ending };
}

/** The text again. */
export function joinLines({ lines, ending }: Lines): string {
  return lines.length === 0 ? '' : lines.join(ending) + ending;
}

/** Where something new goes: after or before a line that matches, or at an end of the file. */
export interface Place {
  insertafter?: string | undefined;
  insertbefore?: string | undefined;
  firstmatch?: boolean | undefined;
}

/** The index at which to insert; where nothing matches, the end. */
export function insertionIndex(lines: string[], { insertafter, insertbefore, firstmatch = false }: Place): number {
  if (insertbefore === 'BOF' || insertafter === 'BOF') return 0;
  const wanted = insertafter ?? insertbefore;
  if (wanted === undefined || wanted === 'EOF') return lines.length;
  const pattern = toPattern(wanted);
  const found = firstmatch ? lines.findIndex((line) => pattern.test(line)) : lines.findLastIndex((line) => pattern.test(line));
  if (found < 0) return lines.length;
  return insertafter === undefined ? found : found + 1;
}

/** A regular expression as Python's users write them: named groups and flags in front, save x; `more` are added. Throws a SyntaxError. */
export function toPattern(text: string, more = ''): RegExp {
  const [, flags = '', rest = text] = /^\(\?([ims]+)\)([\s\S]*)$/.exec(text) ?? [];
  return new RegExp(rest.replaceAll('(?P<', '(?<').replace(/\(\?P=(\w+)\)/g, '\\k<$1>').replace(/\\Z/g, '$').replace(/\\A/g, '^'), [...new Set(flags + more)].join(''));
}

/** Why a regular expression is none; undefined where it is one, or stands for a place. */
export function patternProblem(text: string | undefined): string | undefined {
  if (text === undefined || text === 'EOF' || text === 'BOF') return undefined;
  try {
    toPattern(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };

/** `\1`, `\g<1>` and `\g<name>` become what their groups matched, `\n` a line's end, as Python does it. */
export function expand(text: string, match: RegExpExecArray | null): string {
  return text.replace(/\\g<(\w+)>|\\(\d)|\\([nrt\\])/g, (_, name?: string, digit?: string, escape?: string) => {
    if (escape !== undefined) return ESCAPES[escape] as string;
    const group = name ?? (digit as string);
    return (/^\d+$/.test(group) ? match?.[Number(group)] : match?.groups?.[group]) ?? '';
  });
}
