import { describe, expect, it, test } from 'vitest';
import { clean, oneLine, visible } from '../../runner/diagnostics/clean.ts';

/** What must reach no terminal, log or page. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

describe('text of hosts and users', () => {
  it('loses control sequences, in 7 and 8 bits, also unfinished ones', () => {
    expect(
      clean(
        '\u001b]0;title\u0007a\u001b[2J b\u0007\u009b1mc\td\u001b]52;c;aGk=\u001b\\e\u001bPq#0\u001b\\f\u009d0;x\u009cg\u001b(Bh\u001b[31',
      ),
    ).toBe('a bc\tdefgh');
  });

  it('keeps what stands behind an unfinished string', () => {
    expect(clean('a\u001b]0;never ends\nb')).toBe('a0;never ends\nb');
  });

  it('holds no sequence that taking out another one has made', () => {
    const nested = '\u001b\u001b[31m[31mred \u001b[\u001b[2J2J \u001b\u001b\u001b]]0;x\u0007';
    expect(clean(nested)).not.toMatch(FORBIDDEN);
    expect(clean(clean(nested))).toBe(clean(nested));
  });

  it('shows what nobody would see, and what breaks or reorders lines', () => {
    expect(clean('a\u0085::error::b\u2028c\u2029d\u202ee\u2066f\u200eg\u061ch\u200bi\ufeffj\u00adk\u{e0041}l')).toBe(
      'a\\u0085::error::b\\u2028c\\u2029d\\u202ee\\u2066f\\u200eg\\u061ch\\u200bi\\ufeffj\\u00adk\\u{e0041}l',
    );
  });

  it('keeps letters of all scripts, emoji and the joiners in them', () => {
    const text = 'größe 日本語 שלום مرحبا می‌خواهم क्‍ष 👩‍💻 ❤️ 🏳️‍🌈 e\u0301';
    expect([clean(text), visible(text), oneLine(text)]).toEqual([text, text, text]);
    expect(clean('web\u200d1')).toBe('web\\u200d1');
  });

  it('of a line that was overwritten keeps what stood there last', () => {
    expect(clean('10%\r50%\r100%\r\nnext\r\r\n')).toBe('100%\nnext\n');
  });

  it('is written out exactly where it is compared, and in one line where it is a name', () => {
    expect(visible('a\u001b[31mb\r\nc\u0000')).toBe('a\\u001b[31mb\\r\nc\\u0000');
    expect(oneLine('web\nok: [db]\u0007')).toBe('web\\nok: [db]\\u0007');
  });
});

// A quadratic scan of these takes longer than any test may.
const MANY = 300_000;
test.each([
  '\u001b;#',
  '\u001b]',
  '\u001b]0;a',
  '\u001b[',
  '\u001b[1;',
  '\u001b(',
  '\u009d',
  '\r',
  'a\r',
  '\u001b\u001b[',
  '\u200d',
  '\u001bP\u001b',
  ' ',
  '\n',
  '\r\n',
])('1 MB of %j are scanned in one go', (part) => {
  expect(clean(part.repeat(MANY))).not.toMatch(FORBIDDEN);
});
