import { describe, expect, test } from 'vitest';
import { loadYaml } from '../../runner/language/yaml/load.ts';
import { UnsafeText } from '../../runner/language/yaml/faults/unsafe-text.ts';
import { VaultText } from '../../runner/language/vault/vault-text.ts';

const valueOf = (text: string) => loadYaml(text, 'a.yml').value;

describe('plain scalars', () => {
  test.each([
    ['yes', true],
    ['No', false],
    ['ON', true],
    ['off', false],
    ['True', true],
    ['y', 'y'],
    ['n', 'n'],
    ['~', null],
    ['null', null],
    ['0', 0],
    ['-7', -7],
    ['+7', 7],
    ['0x1F', 31],
    ['1.5', 1.5],
    ['1.5e3', 1500],
    ['.inf', Infinity],
  ])('%s is %j', (text, value) => {
    expect(valueOf(`- ${text}`)).toEqual([value]);
  });

  test.each([
    '0644',
    '0o644',
    '00',
    '1e3',
    '12:30:45',
    '1_000',
    '2024-01-02',
    '1.2.3',
    '10.0.0.1',
    '12345678901234567890',
    'nope',
  ])('%s stays text', (text) => {
    expect(valueOf(`a: ${text}`)).toEqual({ a: text });
  });

  test('quotes make text of anything', () => {
    expect(valueOf(`{a: "yes", b: '5', c: !!str 5, d: ! 5}`)).toEqual({ a: 'yes', b: '5', c: '5', d: '5' });
  });

  test('keys are always text', () => {
    expect(valueOf('{yes: 1, 80: 2, null: 3, 1.5: 4}')).toEqual({ yes: 1, '80': 2, null: 3, '1.5': 4 });
  });
});

describe('tags', () => {
  test('!vault leaves the text to whoever has the password', () => {
    const { secret } = valueOf('secret: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n') as { secret: VaultText };
    expect(secret).toBeInstanceOf(VaultText);
    expect(secret.text).toBe('$ANSIBLE_VAULT;1.1;AES256\n6162\n');
    expect(secret.at).toMatchObject({ file: 'a.yml', line: 2, col: 3 });
  });

  test('!unsafe holds for a text and for all texts in a list or mapping', () => {
    const value = valueOf('a: !unsafe "{{ x }}"\nb: !unsafe [one, {c: two, d: 5}]\n') as Record<string, unknown>;
    expect(value.a).toEqual(new UnsafeText('{{ x }}'));
    expect(value.b).toEqual([new UnsafeText('one'), { c: new UnsafeText('two'), d: 5 }]);
  });
});

describe('anchors and merges', () => {
  test('own keys win over merged ones, earlier merges over later', () => {
    const text = 'a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, *b]\n  x: 3\n';
    expect(valueOf(text)).toMatchObject({ c: { x: 3, y: 1, z: 2 } });
  });

  test('an alias is the same object', () => {
    const { a, b } = valueOf('a: &a [1]\nb: *a\n') as { a: unknown; b: unknown };
    expect(b).toBe(a);
  });
});

test('a file of comments is null', () => {
  expect(valueOf('# nothing\n')).toBeNull();
  expect(valueOf('')).toBeNull();
});

test('a byte order mark and Windows line ends do no harm', () => {
  expect(valueOf('\ufeffa: 1\r\nb: |\r\n  x\r\n  y\r\n')).toEqual({ a: 1, b: 'x\ny\n' });
});

test.each([
  ['a:\n  - {\n    b: 1\n  }\n  - {\n    b: 2\n  }\n', { a: [{ b: 1 }, { b: 2 }] }],
  ['a: {\r\n  b: 1\r\n}\r\n', { a: { b: 1 } }],
  ['a: [\n1,\n2\n]\n', { a: [1, 2] }],
  ['a: {\n# b: {\n# }\n}\n', { a: {} }],
  ['a: {b: "x\ny"}\n', { a: { b: 'x y' } }],
  ["a:\n  b: '{%\nif c %}'\n  d: 1\n", { a: { b: '{% if c %}', d: 1 } }],
])('lines in brackets and quotes may begin further left, as for Ansible: %j', (text, value) => {
  expect(valueOf(text)).toEqual(value);
});

test('lines of a text in quotes that are more than blanks may not begin further left', () => {
  expect(() => valueOf('a: {b: "x\n\ny"}\n')).toThrow('this quote is never closed');
});
