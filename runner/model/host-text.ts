import { isUtf8 } from 'node:buffer';

/** Well-formed UTF-8 of more than one byte (Unicode, table 3-7), or any other byte above ASCII, in a Latin-1 text. */
const ABOVE_ASCII =
  /[\xc2-\xdf][\x80-\xbf]|(?:\xe0[\xa0-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]|\xed[\x80-\x9f])[\x80-\xbf]|(?:\xf0[\x90-\xbf]|[\xf1-\xf3][\x80-\xbf]|\xf4[\x80-\x8f])[\x80-\xbf]{2}|[\x80-\xff]/g;

/** A byte that is not UTF-8 becomes this plus its value, as in Python's `surrogateescape` (PEP 383). */
const ESCAPE = 0xdc00;

/**
 * What came from a host, as text. Bytes that are not UTF-8 become lone surrogates, U+DC80 to U+DCFF, which
 * {@link bytesOf} turns into the same bytes again: a name in Latin-1 that a host lists can be named to it.
 */
export function textOf(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString();
  return bytes
    .toString('latin1')
    .replace(ABOVE_ASCII, (found) =>
      found.length > 1 ? Buffer.from(found, 'latin1').toString() : String.fromCharCode(ESCAPE + found.charCodeAt(0)),
    );
}

/** The text as it goes to a host: UTF-8, and what {@link textOf} escaped as the bytes that it was. */
export function bytesOf(text: string): Buffer {
  if (!/[\udc80-\udcff]/u.test(text)) return Buffer.from(text);
  const parts = text.split(/([\udc80-\udcff]+)/u);
  return Buffer.concat(parts.map((part, i) => (i % 2 === 0 ? Buffer.from(part) : Buffer.from(part, 'latin1'))));
}
