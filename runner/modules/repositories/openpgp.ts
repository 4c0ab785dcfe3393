import { createHash } from 'node:crypto';

/** A public key: the fingerprint of its primary key, and those of its subkeys; upper-case hex. */
export interface PublicKey {
  fingerprint: string;
  subkeys: string[];
}

const ARMOR =
  /-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n(?:[^\n]*:[^\n]*\n)*\s*\n([\s\S]*?)\n(?:=[^\n]*\s*\n)?\s*-----END PGP PUBLIC KEY BLOCK-----/g;
/** Tags of RFC 4880, section 4.3. */
const KEY = 6;
const SUBKEY = 14;

/** The public keys in a file, armored or not. Throws an Error where it holds none, or only a part of one. */
export function publicKeys(bytes: Buffer): PublicKey[] {
  const text = bytes.toString('latin1');
  const blocks = text.includes('-----BEGIN PGP')
    ? [...text.matchAll(ARMOR)].map(([, body = '']) => Buffer.from(body.replace(/\s/g, ''), 'base64'))
    : [bytes];
  const keys: PublicKey[] = [];
  for (const { tag, body } of blocks.flatMap(packets)) {
    if (tag === KEY) keys.push({ fingerprint: fingerprintOf(body), subkeys: [] });
    if (tag === SUBKEY) keys.at(-1)?.subkeys.push(fingerprintOf(body));
  }
  if (keys.length === 0) throw new Error('expected an OpenPGP public key');
  return keys;
}

/** Whether one of its fingerprints ends with the id, which may be of 8 digits or more, with `0x` or blanks in it. */
export function isKey({ fingerprint, subkeys }: PublicKey, id: string): boolean {
  const wanted = keyId(id);
  return [fingerprint, ...subkeys].some((one) => one.endsWith(wanted));
}

/** An id as fingerprints are written. */
export const keyId = (id: string) => id.replace(/\s/g, '').replace(/^0x/i, '').toUpperCase();

interface Packet {
  tag: number;
  body: Buffer;
}

/** RFC 4880, section 4.2; a key has no packets of partial length. */
function packets(bytes: Buffer): Packet[] {
  const found: Packet[] = [];
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at] as number;
    if ((first & 0x80) === 0) throw new Error('expected an OpenPGP key');
    const [length, head] = first & 0x40 ? newLength(bytes, at + 1) : oldLength(bytes, at + 1, first & 3);
    const start = at + 1 + head;
    if (Number.isNaN(length) || start + length > bytes.length) throw new Error('the OpenPGP key is not complete');
    found.push({ tag: first & 0x40 ? first & 0x3f : (first >> 2) & 0xf, body: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return found;
}

function newLength(bytes: Buffer, at: number): [length: number, head: number] {
  const first = bytes[at] ?? NaN;
  if (first < 192) return [first, 1];
  if (first < 224) return [((first - 192) << 8) + (bytes[at + 1] ?? NaN) + 192, 2];
  return first === 255 && at + 5 <= bytes.length ? [bytes.readUInt32BE(at + 1), 5] : [NaN, 0];
}

function oldLength(bytes: Buffer, at: number, type: number): [length: number, head: number] {
  const size = [1, 2, 4][type];
  return size !== undefined && at + size <= bytes.length ? [bytes.readUIntBE(at, size), size] : [NaN, 0];
}

/** Section 12.2; keys of version 6 are hashed by RFC 9580, section 5.5.4. */
function fingerprintOf(body: Buffer): string {
  const head = Buffer.alloc(body[0] === 6 ? 5 : 3);
  head[0] = body[0] === 6 ? 0x9b : 0x99;
  if (body[0] === 6) head.writeUInt32BE(body.length, 1);
  else head.writeUInt16BE(body.length, 1);
  return createHash(body[0] === 6 ? 'sha256' : 'sha1')
    .update(head)
    .update(body)
    .digest('hex')
    .toUpperCase();
}
