/**
 * Control sequences of ECMA-48, in 7 and in 8 bits: CSI with its parameters, strings (OSC, DCS, SOS, PM, APC) with their
 * content where they end before another control character, and the short ones. No part can be matched in two ways, so
 * that a text is scanned once.
 */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const SEQUENCE =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])(?:[^\u0000-\u001f\u007f-\u009f]*(?:\u0007|\u001b\\|\u009c))?|\u001b[ -/]*[0-~]?/g;

/** Most texts have none of these. */
const NOT_PLAIN = /[^\t\n -~]/;

/** Control characters but tabs, line ends and C1. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const C0 = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/**
 * What is invisible and what reorders or breaks lines (https://trojansource.codes, Unicode TR 36): C1 controls, marks and
 * overrides of direction, separators of lines, blanks of no width, tags, what XML forbids. Joiners are seen behind emoji and in scripts that
 * use them, so they stay there; behind a Latin letter they only make two names look alike.
 */
const UNSEEN =
  /[\u034f\u0080-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\u{e0000}-\u{e0fff}]|[\u17b4-\u17b5]|(?<![\u0590-\u1fff\u2190-\u2bff\u2e80-\u{10ffff}])[\u200c\u200d]/gu;

/**
 * Text that a host or a user wrote, made fit for a person's terminal, log or page: no control sequences, no control
 * characters but tabs and line ends. What cannot be seen is shown as `\u202e`. Takes time in proportion to the text.
 */
export function clean(text: string): string {
  if (!NOT_PLAIN.test(text)) return text;
  const plain = text.replace(SEQUENCE, '');
  const lines = plain.includes('\r') ? plain.split('\n').map(lastShown).join('\n') : plain;
  return lines.replace(C0, '').replace(UNSEEN, escaped);
}

/** The same for what is to be seen exactly as it is, as in a comparison of files: all control characters but tabs and line ends are written out. */
export function visible(text: string): string {
  return text.replace(C0, escaped).replace(UNSEEN, escaped);
}

/** A name in one line, exactly as it is: no part of it can be taken for a line of its own. */
export function oneLine(text: string): string {
  return visible(text).replaceAll('\n', '\\n');
}

/** The same in as many characters, where places are counted: what cannot be seen is `�`. */
export function blotted(text: string): string {
  return text.replace(C0, '\ufffd').replace(UNSEEN, '\ufffd');
}

/** JSON with what cannot be seen escaped: the same value, harmless where a person looks at it. */
export function safeJson(json: string): string {
  return json.replace(UNSEEN, (sign) => sign.replace(/[^]/g, escaped)).replaceAll('\u007f', '\\u007f');
}

/** A carriage return starts the line over, as progress bars do; what stood there last is what a person saw. */
function lastShown(line: string): string {
  return line.split('\r').findLast((part) => part !== '') ?? '';
}

function escaped(sign: string): string {
  if (sign === '\r') return '\\r';
  const code = (sign.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}
