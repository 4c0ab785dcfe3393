import { describe, expect, it } from 'vitest';
import { Captured } from '../../runner/connection/shell/captured.ts';
import { MarkerReader } from '../../runner/connection/shell/marker-reader.ts';

function read(pieces: Buffer[], markers: string[]): { parts: string[]; rests: string[]; noise: number } {
  const found = { parts: [] as string[], rests: [] as string[], noise: 0 };
  const reader = new MarkerReader(() => {
    found.noise += 1;
  });
  markers.forEach((marker, i) => {
    found.parts[i] = '';
    reader.expect({
      marker: Buffer.from(marker),
      sink: (chunk) => {
        found.parts[i] += chunk.toString('latin1');
      },
      done: (rest) => found.rests.push(rest),
    });
  });
  for (const piece of pieces) reader.push(piece);
  return found;
}

describe('a marker reader', () => {
  const stream = Buffer.from('aXabXYabcabcX 1 0\n\0\xffabcY\nnoise', 'latin1');
  const expected = { parts: ['aXabXYabc', '\0\xff'], rests: [' 1 0', ''] };

  it('finds markers wherever the stream is cut', () => {
    for (let size = 1; size <= stream.length; size += 1) {
      const pieces: Buffer[] = [];
      for (let at = 0; at < stream.length; at += size) pieces.push(stream.subarray(at, at + size));
      const { noise, ...found } = read(pieces, ['abcX', 'abcY']);
      expect(found).toEqual(expected);
      expect(noise).toBeGreaterThan(0);
    }
  });

  it('passes output on at once, but for what may begin a marker', () => {
    expect(read([Buffer.from('abcde')], ['deX']).parts).toEqual(['abc']);
    expect(read([Buffer.from('abcdef')], ['deX']).parts).toEqual(['abcdef']);
  });
});

describe('captured output', () => {
  const capture = (limit: number, chunks: string[]) => {
    const captured = new Captured(limit);
    for (const chunk of chunks) captured.push(Buffer.from(chunk));
    return captured.toBuffer().toString();
  };

  it('is whole up to its limit, however it came', () => {
    for (const chunks of [[''], ['abcdefgh'], ['abc', 'def', 'gh'], [...'abcdefgh']]) {
      expect(capture(8, chunks)).toBe(chunks.join(''));
    }
  });

  it('is head and tail beyond it, and says how much is missing', () => {
    for (const chunks of [['abcdefghijk'], ['abc', 'defgh', 'ijk'], [...'abcdefghijk']]) {
      expect(capture(8, chunks)).toBe('abcd\n[xrun left out 3 bytes here]\nhijk');
    }
  });
});
