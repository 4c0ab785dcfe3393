import { describe, expect, it } from 'vitest';
import { Secrets } from '../../runner/shell/secrets.ts';

describe('secrets in bytes that come in pieces', () => {
  const redact = (pieces: readonly Buffer[], ...values: string[]) => {
    const secrets = new Secrets();
    for (const value of values) secrets.add(value);
    const redactor = secrets.redactor();
    return Buffer.concat([...pieces.map((piece) => redactor(piece)), redactor()]);
  };

  it('are masked wherever they are cut', () => {
    const text = Buffer.from('a päss"word here');
    for (let at = 0; at <= text.length; at++) {
      expect(redact([text.subarray(0, at), text.subarray(at)], 'päss"word').toString()).toBe('a ******** here');
    }
    expect(redact([...text].map((byte) => Buffer.of(byte)), 'päss"word', 'word').toString()).toBe('a ******** here');
  });

  it('leave all other bytes as they are', () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    expect(redact([all, all], 'secret')).toEqual(Buffer.concat([all, all]));
    expect(redact([all, all])).toEqual(Buffer.concat([all, all]));
  });
});
