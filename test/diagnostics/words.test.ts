import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const sources = new Map(
  readdirSync(path.join(root, 'runner'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [`runner/${name}`, readFileSync(path.join(root, 'runner', name), 'utf8')]),
);

test('docs/errors.md has every code, and no other', () => {
  const codes = (text: string): string[] => [...text.matchAll(/\b[EW]_[A-Z][A-Z_]*[A-Z]\b/g)].map(([code]) => code);
  const used = new Set([...sources.values()].flatMap(codes));
  const documented = new Set(codes(readFileSync(path.join(root, 'docs/errors.md'), 'utf8')));
  expect({ missing: [...used].filter((code) => !documented.has(code)) }).toEqual({ missing: [] });
  expect({ unused: [...documented].filter((code) => !used.has(code)) }).toEqual({ unused: [] });
});

test('hints are whole sentences', () => {
  const wrong = [...sources].flatMap(([name, text]) =>
    hintsOf(text)
      .filter((hint) => hint !== '' && !isSentence(hint))
      .map((hint) => `${name}: ${hint}`),
  );
  expect(wrong).toEqual([]);
});

test('a hint that is not a whole sentence is found', () => {
  const found = hintsOf("fail({ hint: ok ? 'See `x`.' : `write ${name}`, at }); const hint = near(a, 'b') ?? 'stop';");
  expect(found).toEqual(['See `x`.', 'write ${name}', 'stop']);
  expect(found.map(isSentence)).toEqual([true, false, false]);
});

/** The literals that a source gives as hints: those of properties and constants of that name. */
function hintsOf(text: string): string[] {
  const starts = [...text.matchAll(/\bhint: (?!string|\$\{)|\bconst hint =\s/g)].map(
    ({ index, 0: { length } }) => index + length,
  );
  return starts.flatMap((start) => literalsFrom(text, start));
}

/** The literals of the expression at `start`, but not those within its brackets. */
function literalsFrom(text: string, start: number): string[] {
  const literals: string[] = [];
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const sign = text[i] as string;
    if (`'"\``.includes(sign)) {
      const end = endOfLiteral(text, i);
      // What is compared is not a hint.
      const compared = /[=!]==\s*$/.test(text.slice(0, i)) || /^\s*[=!]==/.test(text.slice(end, end + 5));
      if (depth === 0 && !compared) literals.push(text.slice(i + 1, end - 1).replaceAll('\\`', '`'));
      i = end - 1;
    } else if ('([{'.includes(sign)) depth++;
    else if (')]}'.includes(sign) && depth-- === 0) break;
    else if (',;'.includes(sign) && depth === 0) break;
  }
  return literals;
}

function endOfLiteral(text: string, start: number): number {
  const quote = text[start];
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (quote === '`' && text.startsWith('${', i)) i = endOfBraces(text, i + 2) - 1;
    else if (text[i] === quote) return i + 1;
  }
  return text.length;
}

function endOfBraces(text: string, start: number): number {
  let depth = 1;
  let i = start;
  while (depth > 0 && i < text.length) {
    const sign = text[i] as string;
    if (`'"\``.includes(sign)) i = endOfLiteral(text, i);
    else {
      depth += sign === '{' ? 1 : sign === '}' ? -1 : 0;
      i++;
    }
  }
  return i;
}

function isSentence(hint: string): boolean {
  return /^(?:[A-Z`'"]|\$\{)/.test(hint) && /(?:[.?]|`)$/.test(hint);
}
