import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fetchText } from '../../runner/language/templates/fetch-text.ts';
import { createRenderer } from '../../runner/language/templates/renderer.ts';
import { errorOf, scope } from './scene.ts';

const directory = mkdtempSync(join(tmpdir(), 'xrun-kept-'));
const renderer = createRenderer({ cwd: directory });

test('a password is made once, for its owner alone, and read from then on', () => {
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const template = '{{password "deep/a length=12 chars=digits,ab"}}';
  const made = renderer.render(template, scope());
  expect(made).toMatch(/^[\dab]{12}$/);
  expect(renderer.render(template, scope())).toBe(made);
  expect(readFileSync(join(directory, 'deep/a'), 'utf8')).toBe(`${String(made)}\n`);
  expect(statSync(join(directory, 'deep/a')).mode & 0o777).toBe(0o600);
});

test.each([
  ['{{password "/dev/null size=1"}}', /takes length and chars, found 'size'/],
  ['{{password "/dev/null length=x"}}', /expects a whole number as length/],
  ['{{url "http://127.0.0.1:1/x"}}', /cannot get http:\/\/127\.0\.0\.1:1\/x: /],
  ['{{url "http://me:hidden@127.0.0.1:1/x"}}', /cannot get http:\/\/127\.0\.0\.1:1\/x: (?!.*hidden)/],
  ['{{url "data:,a" timeout=0}}', /expects seconds as timeout/],
])('%s is refused', (template, message) => {
  expect(errorOf(() => renderer.render(template, scope()))).toMatch(message);
});

test('lines of what an address answers', () => {
  expect(renderer.render('{{splitlines (url "data:,a%0Ab%0A")}}', scope())).toEqual(['a', 'b']);
});

test('an answer has an end', () => {
  const long = `data:,${'a'.repeat(17 * 1024 * 1024)}`;
  expect(() => fetchText(long, { headers: {}, timeout: 10 })).toThrow('the answer is longer than 16 MiB');
});
