import type { YAMLException } from 'js-yaml';
import { XrunError } from '../../../diagnostics/errors.ts';
import { unquotedTemplate } from './unquoted-template.ts';
import { stopAt } from './fault.ts';
import type { Fault, Stop } from './fault.ts';
import { lineFault } from './line-fault.ts';
import type { SourceText } from '../source-text.ts';
import { closedTooLate, unclosed } from './unclosed.ts';

/** The parser's error in words that say what to fix, at the position to fix. */
export function syntaxError(cause: YAMLException, source: SourceText): XrunError {
  const { reason } = cause;
  const stop = stopAt(source, Math.min(cause.mark?.position ?? 0, source.text.length), reason);
  if (reason.startsWith('nesting exceeded')) {
    return new XrunError('E_LIMIT', 'lists and mappings are nested too deeply', { at: source.pos(stop.offset) });
  }
  const template = templateIn(stop);
  if (template !== undefined) return unquotedTemplate(source, template);
  const fault =
    characterFault(stop) ??
    unclosed(stop) ??
    (isStructural(stop) ? (closedTooLate(stop) ?? lineFault(stop)) : undefined);
  if (!fault) return new XrunError('E_YAML', plainReason(reason), { at: source.pos(stop.offset) });
  return new XrunError('E_YAML', fault.message, {
    at: source.pos(fault.start, fault.end),
    ...(fault.hint && { hint: fault.hint }),
  });
}

/** Where a value of the line begins with `{{`, without a quote before it. */
function templateIn({ line, lineStart, column }: Stop): number | undefined {
  const match = /^(\s*(?:- +)*(?:[\w.-]+:\s+)?(?:- +)*)\{\{/.exec(line);
  return match && match[0].length - 2 <= column ? lineStart + (match[1]?.length ?? 0) : undefined;
}

function isStructural({ reason }: Stop): boolean {
  return /indentation|multiline key|expected ':'|end of the stream or|can not read|missed comma|node content/.test(
    reason,
  );
}

function characterFault({ source, offset, reason }: Stop): Fault | undefined {
  const character = source.text[offset] ?? '';
  if (reason === 'unknown escape sequence') {
    const hint = `Write '\\\\${character}', or put the text in single quotes.`;
    return { start: offset - 1, end: offset + 1, message: `'\\${character}' means nothing in double quotes`, hint };
  }
  if (/non-printable|valid JSON character|null byte/.test(reason)) {
    const code = (source.text.codePointAt(offset) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    const hint = code === '0000' ? 'Remove it.' : `In double quotes write it as \`\\u${code}\`.`;
    return { start: offset, end: offset + 1, message: `the character U+${code} is not allowed`, hint };
  }
  if (reason === 'a line break is expected') {
    return {
      start: offset,
      end: source.lineEnd(offset),
      message: "text after '|' or '>' begins on the next line",
      hint: 'Put it on the next line, indented.',
    };
  }
  return undefined;
}

/** The parser's own words for what is left, a little plainer. */
function plainReason(reason: string): string {
  const known: Record<string, string> = {
    'missed comma between flow collection entries': 'a comma is missing between the entries in brackets',
    'bad indentation of a mapping entry': 'this does not fit after what is before it',
    'end of the stream or a document separator is expected': 'this does not fit after what is before it',
    'expected hexadecimal character': 'the escape before this needs more hexadecimal digits',
    'deficient indentation': 'this line is not indented far enough to go on with what is above',
  };
  return known[reason] ?? reason;
}
