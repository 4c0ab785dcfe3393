import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { createInflateRaw } from 'node:zlib';
import type { Member } from '../../shell/local-file.ts';
import { nothing } from './member-source.ts';
import type { Met } from './member-source.ts';

const [END, END64, LOCATOR64, ENTRY] = [0x06054b50, 0x06064b50, 0x07064b50, 0x02014b50];
/** Bytes: the end record and the longest comment behind it. */
const TAIL = 22 + 0xffff;
const [STORED, DEFLATED] = [0, 8];
/** In the high byte of "version made by": the attributes are those of Unix. */
const UNIX = 3;

interface Entry {
  member: Member;
  method: number;
  packed: number;
  offset: number;
  mtime: number;
}

/**
 * The members of a zip, in the order of its central directory; zip64 too. The layout is that of PKWARE's APPNOTE
 * 6.3.10, section 4.3. Throws a plain Error for what is no zip, and for what is encrypted or packed in a rare way.
 */
export async function* readZip(path: string): AsyncGenerator<Met> {
  const file = await open(path);
  try {
    for (const { member, mtime, ...place } of await directory(file)) {
      if (member.type === 'link') member.target = await whole(content(file, path, place));
      yield { member: member.type === 'file' ? member : { ...member, size: 0 }, mtime, content: member.type === 'file' ? content(file, path, place) : nothing() };
    }
  } finally {
    await file.close();
  }
}

async function directory(file: FileHandle): Promise<Entry[]> {
  const { size } = await file.stat();
  const tail = await bytes(file, Math.max(0, size - TAIL), Math.min(size, TAIL));
  const end = tail.lastIndexOf(Buffer.from('PK\x05\x06'));
  if (end < 0 || tail.readUInt32LE(end) !== END) throw new Error('it is no zip, or is damaged');
  let [count, length, start] = [tail.readUInt16LE(end + 10), tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  if (end >= 20 && tail.readUInt32LE(end - 20) === LOCATOR64) {
    const record = await bytes(file, Number(tail.readBigUInt64LE(end - 12)), 56);
    if (record.readUInt32LE(0) !== END64) throw new Error('it is damaged: its zip64 record is not where it says');
    [count, length, start] = [32, 40, 48].map((at) => Number(record.readBigUInt64LE(at))) as [number, number, number];
  }
  const data = await bytes(file, start, length);
  const entries: Entry[] = [];
  for (let at = 0; entries.length < count; ) {
    if (at + 46 > data.length || data.readUInt32LE(at) !== ENTRY) throw new Error('its list of members is damaged');
    const [name, extra, comment] = [28, 30, 32].map((field) => data.readUInt16LE(at + field)) as [number, number, number];
    entries.push(entryOf(data.subarray(at, at + 46 + name + extra), name));
    at += 46 + name + extra + comment;
  }
  return entries;
}

function entryOf(data: Buffer, nameLength: number): Entry {
  const raw = data.subarray(46, 46 + nameLength);
  if (!isUtf8(raw)) throw new Error(`it holds a name that is no UTF-8: ${raw.toString('latin1')}`);
  const name = raw.toString();
  if ((data.readUInt16LE(8) & 1) === 1) throw new Error(`${name} in it is encrypted`);
  const method = data.readUInt16LE(10);
  if (method !== STORED && method !== DEFLATED) throw new Error(`${name} in it is packed by method ${method}, which is not known here`);
  const unix = data.readUInt8(5) === UNIX ? data.readUInt32LE(38) >>> 16 : 0;
  const type = name.endsWith('/') ? 'directory' : (unix & 0o170000) === 0o120000 ? 'link' : 'file';
  const [size, packed, offset] = wide(data, nameLength);
  const mode = (unix & 0o777 || (type === 'directory' ? 0o755 : 0o644)).toString(8).padStart(4, '0');
  return { member: { name, type, mode, size }, method, packed, offset, mtime: mtimeOf(data.readUInt16LE(14), data.readUInt16LE(12)) };
}

/** Size, packed size and place; where all bits of one are set, it stands in the zip64 field instead. */
function wide(data: Buffer, nameLength: number): [number, number, number] {
  const found = [24, 20, 42].map((at) => data.readUInt32LE(at));
  for (let at = 46 + nameLength; at + 4 <= data.length; at += 4 + data.readUInt16LE(at + 2)) {
    if (data.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    found.forEach((value, i) => {
      if (value !== 0xffffffff) return;
      found[i] = Number(data.readBigUInt64LE(next));
      next += 8;
    });
  }
  return found as [number, number, number];
}

/** MS-DOS's date and time, which know no time zone. */
function mtimeOf(date: number, time: number): number {
  return Date.UTC(1980 + (date >> 9), ((date >> 5) & 15) - 1, date & 31, time >> 11, (time >> 5) & 63, (time & 31) * 2) / 1000;
}

async function* content(file: FileHandle, path: string, { offset, packed, method }: Pick<Entry, 'offset' | 'packed' | 'method'>): AsyncGenerator<Buffer> {
  if (packed === 0) return;
  // The name and the extra field may have other lengths here than in the central directory.
  const local = await bytes(file, offset, 30);
  const start = offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  const source = createReadStream(path, { start, end: start + packed - 1 });
  if (method === STORED) return yield* source;
  const inflate = createInflateRaw();
  source.on('error', (error) => inflate.destroy(error));
  yield* source.pipe(inflate) as AsyncIterable<Buffer>;
}

async function whole(parts: AsyncIterable<Buffer>): Promise<string> {
  const all: Buffer[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all).toString();
}

async function bytes(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, start);
  if (bytesRead < length) throw new Error('it ends too early');
  return buffer;
}
