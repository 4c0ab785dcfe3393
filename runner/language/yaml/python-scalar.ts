/** What PyYAML's resolver takes for something else than text. */
const RESOLVED = [
  /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  /^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/,
  /^(?:<<|=|~|null|Null|NULL|)$/,
  /^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)$/,
];

/** Whether PyYAML writes a text without quotes (`analyze_scalar` of its emitter). */
export function isPlainScalar(text: string, inFlow: boolean): boolean {
  if (RESOLVED.some((pattern) => pattern.test(text))) return false;
  if (/^[#,[\]{}&*!|>'"%@`]/.test(text) || /^[?:-](?:[\s]|$)/.test(text) || /^(?:---|\.\.\.)/.test(text)) return false;
  if (/^\s|\s$|\n|\s#|:(?:\s|$)/.test(text) || isSpecial(text)) return false;
  if (inFlow && (/[,?[\]{}]/.test(text) || /:/.test(text) || /^[?:-]/.test(text))) return false;
  return true;
}

function isSpecial(text: string): boolean {
  return /[^\x0a\x20-\x7e\x85\u{a0}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]|\u{feff}/u.test(text);
}

/** Where a text begins, where its further lines do, and beyond which column it is broken. */
interface Fold {
  at: number;
  column: number;
  width: number;
}

/** A text in quotes: single ones, unless it holds what they cannot, or a space beside a line break. */
export function quotedScalar(text: string, fold: Fold): string {
  if (isSpecial(text) || / \n|\n /.test(text)) return doubleQuoted(text, fold);
  return singleQuoted(text, fold);
}

function singleQuoted(text: string, { at, column, width }: Fold): string {
  let used = at + 1;
  const start = `\n${' '.repeat(column)}`;
  const pieces = text.replaceAll("'", "''").split(/(\n+|(?<=[^ \n]) (?=[^ \n]))/);
  const inside = pieces.map((piece, i) => {
    if (i % 2 === 0) {
      used += piece.length;
      return piece;
    }
    const broken = piece !== ' ' || used > width;
    used = broken ? column : used + 1;
    // A line break is written as an empty line.
    return piece === ' ' ? (broken ? start : ' ') : piece.replace('\n', '\n\n').slice(0, -1) + start;
  });
  return `'${inside.join('')}'`;
}

const ESCAPES: Record<string, string> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\x85': 'N',
  '\xa0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
};

function doubleQuoted(text: string, { at, column, width }: Fold): string {
  let line = '"';
  let used = at + 1;
  for (const [i, sign] of [...text].entries()) {
    const shown = escaped(sign);
    // Broken before a space, which needs a backslash there, as PyYAML does it.
    if (i > 0 && i < text.length - 1 && sign === ' ' && used > width) {
      line += `\\\n${' '.repeat(column)}\\`;
      used = column + 1;
    }
    line += shown;
    used += shown.length;
  }
  return `${line}"`;
}

function escaped(sign: string): string {
  if (ESCAPES[sign] !== undefined) return `\\${ESCAPES[sign]}`;
  if (!isSpecial(sign)) return sign;
  const code = sign.codePointAt(0)!;
  const hex = code.toString(16).toUpperCase();
  return code <= 255
    ? `\\x${hex.padStart(2, '0')}`
    : code <= 65_535
      ? `\\u${hex.padStart(4, '0')}`
      : `\\U${hex.padStart(8, '0')}`;
}
