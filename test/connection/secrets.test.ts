import { describe, expect, it, test } from 'vitest';
import { MASK } from '../../runner/language/vault/masker.ts';
import { Secrets } from '../../runner/language/vault/secrets.ts';
import { encryptVault } from '../../runner/language/vault/vault-format.ts';
import { Vault } from '../../runner/language/vault/vault.ts';

const secretsOf = (...values: string[]) => {
  const secrets = new Secrets();
  for (const value of values) secrets.add(value);
  return secrets;
};

describe('a secret is masked', () => {
  const value = `p&ss <w>"ör'd/+?~${'x'.repeat(3)}\\`;
  const secrets = secretsOf(value);
  const quoted = (text: string) => JSON.stringify(text).slice(1, -1);
  const json = quoted(value);
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  test.each([
    ['as it is', value],
    ['in JSON', json],
    ['in JSON in JSON', quoted(json)],
    ['in JSON of ASCII', json.replace('ö', '\\u00f6')],
    ['in a URL', encodeURIComponent(value)],
    ['in a URL of small letters', encodeURIComponent(value).toLowerCase()],
    ['in a form', new URLSearchParams({ value }).toString().slice('value='.length)],
    ['in base64', base64(value)],
    ['in base64 without padding', base64(value).replace(/=+$/, '')],
    ['in base64 for URLs', Buffer.from(value).toString('base64url')],
    ['in hexadecimal', Buffer.from(value).toString('hex')],
    ['in single quotes of a shell', value.replaceAll("'", "'\\''")],
    [
      'in XML',
      value
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;')
        .replaceAll("'", '&#39;'),
    ],
    ['in HTML as this program writes it', value.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)],
    ['in capitals', value.toUpperCase()],
  ])('%s', (_how, text) => {
    expect(secrets.redact(`a ${text} b`)).toBe('a ******** b');
  });

  it.each(['user:', 'us:', 'u:'])('in base64 behind %j', (before) => {
    const text = base64(`${before}${value}`);
    const masked = secrets.redact(text);
    expect(masked).toContain('********');
    // Only characters that hold bits of the neighbours are left.
    expect(masked.replaceAll('********', '').length).toBeLessThan(base64(before).length + 4);
  });

  it('trimmed, and each line of it', () => {
    const three = secretsOf('  spaced out \n', 'first line\r\nsecond line\n{\n-----BEGIN KEY-----\n');
    expect(three.redact('<spaced out> first line, second line { -----BEGIN KEY-----')).toBe(
      '<********> ********, ******** { -----BEGIN KEY-----',
    );
  });

  it('with control characters in it, as they are and as a terminal shows it', () => {
    const odd = secretsOf('sec\u001b[31mret\u0000word');
    expect(odd.redact('<sec\u001b[31mret\u0000word> <secretword> <sec\u001b[31mretword>')).not.toMatch(/sec|ret|word/);
    expect(secretsOf('secretword').redact('<sec\u001b[0mret\u0007word> other')).toBe('<********> other');
  });

  it('with what overlaps it', () => {
    expect(secretsOf('abcdef', 'defghi').redact('xabcdefghix')).toBe('x********x');
  });

  it('as a key, a number and an item, and the value itself is left alone', () => {
    const deep = { list: [{ secretkey: 123456, other: 7 }], text: 'a secretkey' };
    const masked = secretsOf('secretkey', '123456').redactDeep(deep);
    expect(masked).toEqual({ list: [{ '********': '********', other: 7 }], text: 'a ********' });
    expect(deep.list[0]).toHaveProperty('secretkey', 123456);
  });

  it('of fewer than four characters only where it is all of a text', () => {
    const short = secretsOf('abc', '');
    expect([
      short.redact('abc'),
      short.redact('abc\n'),
      short.redact('abcd'),
      short.redact(''),
      short.anyShort,
    ]).toEqual(['********', '********', 'abcd', '', true]);
  });
});

describe('secrets in bytes that come in pieces', () => {
  const redact = (pieces: readonly Buffer[], ...values: string[]) => {
    const redactor = secretsOf(...values).redactor();
    return Buffer.concat([...pieces.map((piece) => redactor(piece)), redactor()]);
  };

  it('are masked wherever they are cut', () => {
    const text = Buffer.from('a päss"word here');
    for (let at = 0; at <= text.length; at++) {
      expect(redact([text.subarray(0, at), text.subarray(at)], 'päss"word').toString()).toBe('a ******** here');
    }
    expect(
      redact(
        [...text].map((byte) => Buffer.of(byte)),
        'päss"word',
        'word',
      ).toString(),
    ).toBe('a ******** here');
  });

  it('leave all other bytes as they are', () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    expect(redact([all, all], 'secret')).toEqual(Buffer.concat([all, all]));
    expect(redact([all, all])).toEqual(Buffer.concat([all, all]));
  });
});

test('many secrets in a long text are found in one go', () => {
  const secrets = secretsOf(...Array.from({ length: 500 }, (_, i) => `secret number ${i} of many`));
  const text = 'secret number x '.repeat(300_000);
  expect(secrets.redact(`${text}secret number 499 of many`)).toBe(`${text}********`);
});

test('keys below the variables of an encrypted file are secrets, where they are no names of fields', () => {
  const secrets = new Secrets();
  const text = 'top_level_77: {sk-hunter2: {name: a1b2c3, ipv4: 1, public_key: x}, users: [{alice77x: 1}]}\n';
  new Vault(['pw'], secrets).decryptText(encryptVault(Buffer.from(text), 'pw'), 'vault.yml');
  expect(secrets.redact('top_level_77 sk-hunter2 name a1b2c3 ipv4 public_key users alice77x')).toBe(
    `top_level_77 ${MASK} name ${MASK} ipv4 public_key users ${MASK}`,
  );
});
