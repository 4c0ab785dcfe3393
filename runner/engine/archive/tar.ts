import { isUtf8 } from 'node:buffer';
import type { Member } from '../../shell/local-file.ts';
import { Blocks } from './blocks.ts';
import { nothing } from './member-source.ts';
import type { Met } from './member-source.ts';

/** Bytes; everything in a tar is a multiple of it. */
const BLOCK = 512;

const TYPES: Record<string, Member['type']> = { '0': 'file', '\0': 'file', '7': 'file', '1': 'hard', '2': 'link', '5': 'directory', '3': 'other', '4': 'other', '6': 'other' };

/**
 * The members of a tar, in order: the POSIX format with pax records, and GNU's long names. The layout is that of
 * POSIX.1-2017, pax, "ustar Interchange Format". Throws a plain Error for what is no tar, and for sparse files.
 */
export async function* readTar(source: AsyncIterable<Buffer>): AsyncGenerator<Met> {
  const blocks = new Blocks(source);
  let more: Record<string, string> = {};
  for (;;) {
    const header = await blocks.take(BLOCK);
    // Also where it just ends: nothing is zero throughout.
    if (header.every((byte) => byte === 0)) return;
    check(header);
    const flag = String.fromCharCode(header[156] as number);
    const size = flag === '1' || flag === '2' || flag === '5' ? 0 : number(header, 124, 12);
    if (flag === 'x' || flag === 'L' || flag === 'K') {
      const data = await padded(blocks, size);
      Object.assign(more, flag === 'x' ? records(data) : { [flag === 'L' ? 'path' : 'linkpath']: text(data) });
      continue;
    }
    const type = TYPES[flag];
    if (flag === 'S' || Object.keys(more).some((key) => key.startsWith('GNU.sparse'))) throw new Error('it holds sparse files, which cannot be read here');
    const met = type && metOf(header, type, more);
    more = {};
    const length = met ? met.member.size : size;
    const passing = blocks.pass(length);
    if (met) yield { ...met, content: met.member.type === 'file' ? passing : nothing() };
    for await (const _rest of passing);
    await blocks.take(-length & (BLOCK - 1));
  }
}

function metOf(header: Buffer, given: Member['type'], pax: Record<string, string>): Omit<Met, 'content'> {
  const prefix = field(header, 257, 6).startsWith('ustar') && header[262] === 0 ? field(header, 345, 155) : '';
  const name = pax.path ?? (prefix ? `${prefix}/` : '') + field(header, 0, 100);
  // Tars from before POSIX mark a directory by the slash alone.
  const type = given === 'file' && name.endsWith('/') ? 'directory' : given;
  const member: Member = {
    name,
    type,
    mode: (number(header, 100, 8) & 0o7777).toString(8).padStart(4, '0'),
    size: type === 'file' ? Number(pax.size ?? number(header, 124, 12)) : 0,
    ...((type === 'link' || type === 'hard') && { target: pax.linkpath ?? field(header, 157, 100) }),
  };
  const owner = {
    uid: Number(pax.uid ?? number(header, 108, 8)),
    gid: Number(pax.gid ?? number(header, 116, 8)),
    user: pax.uname ?? field(header, 265, 32),
    group: pax.gname ?? field(header, 297, 32),
  };
  return { member, owner, mtime: Math.floor(Number(pax.mtime ?? number(header, 136, 12))) };
}

async function padded(blocks: Blocks, size: number): Promise<Buffer> {
  const data = await blocks.take(size);
  await blocks.take(-size & (BLOCK - 1));
  return data;
}

/** The sum of all bytes, the field of the sum itself taken as blanks. */
function check(header: Buffer): void {
  if (header.length < BLOCK) throw new Error('it ends in the middle of a header');
  let sum = 8 * 32;
  header.forEach((byte, i) => {
    if (i < 148 || i >= 156) sum += byte;
  });
  if (sum !== number(header, 148, 8)) throw new Error('it is no tar, or is damaged');
}

/** Octal digits; or, where the first bit is set, GNU's binary form. */
function number(header: Buffer, at: number, length: number): number {
  const bytes = header.subarray(at, at + length);
  if (((bytes[0] as number) & 0x80) === 0) return Number.parseInt(bytes.toString('latin1').replace(/\0.*/s, '').trim() || '0', 8);
  return bytes.subarray(1).reduce((value, byte) => value * 256 + byte, (bytes[0] as number) & 0x7f);
}

function field(header: Buffer, at: number, length: number): string {
  return text(header.subarray(at, at + length));
}

/** Up to the first NUL. */
function text(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  const found = end < 0 ? bytes : bytes.subarray(0, end);
  if (!isUtf8(found)) throw new Error(`it holds a name that is no UTF-8: ${found.toString('latin1')}`);
  return found.toString();
}

/** Pax records: `LENGTH KEY=VALUE\n`, the length being that of the whole record in bytes. */
function records(data: Buffer): Record<string, string> {
  const found: Record<string, string> = {};
  for (let at = 0; at < data.length; ) {
    const length = Number.parseInt(data.toString('latin1', at, at + 20), 10);
    if (!(length > 0)) break;
    const record = data.subarray(data.indexOf(32, at) + 1, at + length - 1);
    const equals = record.indexOf(61);
    found[record.toString('utf8', 0, equals)] = text(record.subarray(equals + 1));
    at += length;
  }
  return found;
}
