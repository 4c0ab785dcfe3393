import type { Fault, Stop } from './fault.ts';
import { lineBefore } from './fault.ts';

type Look = (stop: Stop) => Fault | undefined;

/** What is wrong with the line that the parser stopped in, judged by its look. The first that fits is reported. */
export function lineFault(stop: Stop): Fault | undefined {
  for (const look of looks) {
    const fault = look(stop);
    if (fault) return fault;
  }
  return undefined;
}

const tab: Look = ({ line, lineStart }) => {
  const blank = /^\s*/.exec(line)?.[0] ?? '';
  const at = blank.indexOf('\t');
  if (at < 0) return undefined;
  return {
    start: lineStart + at,
    end: lineStart + blank.length,
    message: 'a tab in the indentation; YAML takes only spaces',
    hint: 'Use spaces.',
  };
};

const reservedStart: Look = ({ source, offset, lineEnd }) => {
  const character = source.text[offset] ?? '';
  if (!/[@`%]/.test(character) || !/[:\-,[{]\s+$/.test(source.text.slice(0, offset))) return undefined;
  const rest = source.text.slice(offset, lineEnd).trimEnd();
  return {
    start: offset,
    end: offset + rest.length,
    message: `a value cannot begin with '${character}'`,
    hint: `Write '${rest}' in quotes.`,
  };
};

const listBesideKey: Look = ({ source, offset, line, column }) => {
  if (!source.text.startsWith('- ', offset) || !/:\s+$/.test(line.slice(0, column))) return undefined;
  return {
    start: offset,
    end: offset + 1,
    message: 'a list cannot begin in the line of its key',
    hint: 'Put it on the next line.',
  };
};

const strayBracket: Look = ({ source, offset }) => {
  const bracket = source.text[offset] ?? '';
  if (bracket !== ']' && bracket !== '}') return undefined;
  const open = bracket === ']' ? '[' : '{';
  return {
    start: offset,
    end: offset + 1,
    message: `no '${open}' is open for this '${bracket}'`,
    hint: 'Remove it, or put the value in quotes.',
  };
};

const afterQuote: Look = ({ source, offset, lineStart, lineEnd, line, column }) => {
  const before = line.slice(0, column).trimEnd();
  if (!/["']$/.test(before) || /[:#]/.test(source.text[offset] ?? '')) return undefined;
  const value = /(?:: |- |^)\s*(["'].*)$/.exec(line)?.[1];
  const other = value?.includes("'") ? undefined : value && `'${value.trimEnd()}'`;
  const end = lineStart + line.trimEnd().length;
  return {
    start: offset,
    end: Math.max(Math.min(end, lineEnd), offset + 1),
    message: 'text after the closing quote',
    hint: other ? `Put the whole value in quotes: \`${other}\`.` : 'Put the whole value in quotes.',
  };
};

const secondColon: Look = ({ source, offset, line, column }) => {
  if (source.text[offset] !== ':') return undefined;
  const first = /^\s*(?:- )*(?:[^\s:"'#][^:#]*?):\s+/.exec(line)?.[0];
  if (!first || first.length > column) return undefined;
  const value = line.slice(first.length).trimEnd();
  if (/^[[{]/.test(value)) return undefined;
  const quoted = value.includes('"') ? `'${value.replaceAll("'", "''")}'` : `"${value}"`;
  return {
    start: offset,
    end: offset + 1,
    message: "a second ': ' in one line",
    hint: `If it belongs to the value, quote it: \`${quoted}\`.`,
  };
};

/** A line that is not `key: value`, this one or the one before, which the parser then took for the key's first part. */
const noKey: Look = (stop) => {
  if (!/multiline key|expected ':'|bad indentation of a sequence|end of the stream or/.test(stop.reason))
    return undefined;
  return keyless(stop) ?? keyless(lineBefore(stop));
};

function keyless(stop: Stop | undefined): Fault | undefined {
  if (!stop) return undefined;
  const { line, lineStart } = stop;
  const indent = /^\s*(?:- +)*/.exec(line)?.[0].length ?? 0;
  const text = line
    .slice(indent)
    .replace(/\s+#.*$/, '')
    .trimEnd();
  const close = /^[\w.-]+:(?=[^\s:/])/.exec(text)?.[0];
  if (close && !/:(\s|$)/.test(text)) {
    const start = lineStart + indent + close.length - 1;
    return {
      start,
      end: start + 1,
      message: "a space is missing after ':'",
      hint: `Write '${close} ${text.slice(close.length)}'.`,
    };
  }
  if (text === '' || /:(\s|$)/.test(text) || /^[["'{|>&*!#-]/.test(text)) return undefined;
  const start = lineStart + indent;
  const word = /^[\w.-]+/.exec(text)?.[0];
  const hint = word
    ? `Write '${word}:${text.slice(word.length) === '' ? '' : ` ${text.slice(word.length).trim()}`}', or indent it as the text that it continues.`
    : undefined;
  return {
    start,
    end: start + text.length,
    message: "a ':' is missing: found text, expected 'key: value'",
    ...(hint && { hint }),
  };
}

/** A line whose column no line above begins at. */
const misplaced: Look = (stop) => {
  const before = lineBefore(stop);
  const indent = indentOf(stop);
  if (!before || !/bad indentation|end of the stream or/.test(stop.reason) || stop.line.trim() === '') return undefined;
  const span = { start: stop.lineStart + indent, end: stop.lineStart + stop.line.trimEnd().length };
  const dashed = startsItem(stop);
  if (dashed && indentOf(before) === indent && !startsItem(before))
    return { ...span, message: 'a list item among the keys of a mapping' };
  const column = dashed ? dashColumn(before, indent) : keyColumn(before);
  if (column === indent) return undefined;
  const hint =
    column === undefined
      ? undefined
      : `The ${dashed ? 'items of the list' : 'keys'} above begin at column ${column + 1}.`;
  return {
    ...span,
    message: `this line begins at column ${indent + 1}, where nothing above does`,
    ...(hint && { hint }),
  };
};

function indentOf({ line }: Stop): number {
  return /^\s*/.exec(line)?.[0].length ?? 0;
}

function startsItem({ line }: Stop): boolean {
  return /^\s*-(\s|$)/.test(line);
}

function keyColumn({ line }: Stop): number {
  return /^\s*(?:- +)*/.exec(line)?.[0].length ?? 0;
}

/** The column of the nearest dash above that may be meant: the indentation is off by a few columns at most. */
function dashColumn(before: Stop, indent: number): number | undefined {
  let line: Stop | undefined = before;
  for (let tries = 0; line && tries < 100; tries++) {
    if (startsItem(line) && Math.abs(indentOf(line) - indent) <= 3) return indentOf(line);
    line = lineBefore(line);
  }
  return undefined;
}

const looks: Look[] = [tab, reservedStart, listBesideKey, strayBracket, afterQuote, secondColon, noKey, misplaced];
