/** A part of a Handlebars template that is being written. */
export interface Token {
  /**
   * `data` is printed as it is. The whole line is taken away that a `block` tag has for itself, which statements such as
   * `set` count as; an `output` prints something.
   */
  kind: 'data' | 'block' | 'output';
  text: string;
  /** The line break behind the tag belongs to the tag, and is not printed. */
  broken: boolean;
}

/** A comment that prints nothing: between a tag and a line break it keeps Handlebars from taking the line. */
const guard = '{{!}}';

/**
 * The text of a template that prints exactly the data of the tokens, and what the tags print. Tags that have a line for
 * themselves keep it where Handlebars takes it away again.
 */
export function layOut(tokens: readonly Token[]): string {
  const joined = joinData(tokens);
  let text = '';
  // What Handlebars looks at before a tag: the data since the last one.
  let before = '';
  let first = true;
  joined.forEach((token, i) => {
    const next = joined[i + 1];
    const after = next?.kind === 'data' ? next.text : '';
    if (token.kind === 'data') {
      const written = escaped(token.text, next !== undefined);
      text += guarded(text, written) + written;
      before += token.text;
      return;
    }
    text += text.endsWith('{') && !text.endsWith('\\{') ? guard : '';
    const line = {
      lineStart: first ? /(^|\n)$/.test(before) : before.endsWith('\n'),
      onlySpace: spaceOnly(before, first),
    };
    const [written, kept] = placed(token, line, { after, last: next === undefined });
    text += written + kept;
    before = kept;
    first = false;
  });
  return text;
}

function joinData(tokens: readonly Token[]): Token[] {
  const joined: Token[] = [];
  for (const token of tokens) {
    const last = joined.at(-1);
    if (token.kind === 'data' && token.text === '') continue;
    if (token.kind === 'data' && last?.kind === 'data')
      joined[joined.length - 1] = { ...last, text: last.text + token.text };
    else joined.push(token);
  }
  return joined;
}

/** Whether Handlebars sees only white space in the line before a tag. */
function spaceOnly(before: string, first: boolean): boolean {
  return (first ? /(^|\n)\s*$/ : /\n\s*$/).test(before);
}

interface Line {
  lineStart: boolean;
  onlySpace: boolean;
}

/** A tag as it is written, and the line break behind it that is not printed. */
function placed(token: Token, line: Line, { after, last }: { after: string; last: boolean }): [string, string] {
  const { kind, text, broken } = token;
  const breaks = /^[^\S\n]*\n/.test(after) || (last && after === '') || (after !== '' && /^\s*$/.test(after) && last);
  if (kind === 'output') return [text, ''];
  if (line.lineStart && (broken || breaks) && !(last && after === '' && !broken)) return [text, '\n'];
  const swallowed = line.onlySpace && (breaks || /^\s*\n/.test(after) || onlySpaceAtEnd(after, last));
  return swallowed && !(line.lineStart && last) ? [text + guard, ''] : [text, ''];
}

function onlySpaceAtEnd(after: string, last: boolean): boolean {
  return last && /^\s*$/.test(after);
}

/** Between a tag and a brace: `}}` and `}` would be read as one sign. */
function guarded(text: string, data: string): string {
  return data.startsWith('}') && text.endsWith('}}') ? guard : '';
}

/** Data in which nothing is a tag; before a tag a backslash is doubled, and a brace is a text of its own. */
function escaped(data: string, tagFollows: boolean): string {
  const signs = data.replaceAll(/\{\{+|\{%/g, (sign) => `{{"${sign}"}}`).replaceAll(/"\}\}\}/g, '"}}{{!}}}');
  if (!tagFollows) return signs;
  return signs.replace(/\\+$/, (slashes) => slashes + '\\').replace(/(^|[^{])\{$/, '$1{{"{"}}');
}
