import type { Member } from '../../shell/local-file.ts';
import type { Met } from './member-source.ts';

const BLOCK = 512;
/** Two empty blocks end a tar. */
export const TAR_END = Buffer.alloc(2 * BLOCK);

const FLAGS: Record<Member['type'], string> = { file: '0', hard: '1', link: '2', directory: '5', other: '6' };

/**
 * What stands before a member's content, in GNU's format, whose long names busybox understands as well (it skips those
 * of POSIX). Layout: GNU tar's manual, "Basic Tar Format".
 */
export function tarHeader({ member, owner, mtime }: Omit<Met, 'content'>): Buffer {
  const name = Buffer.from(member.type === 'directory' && !member.name.endsWith('/') ? `${member.name}/` : member.name);
  const target = Buffer.from(member.target ?? '');
  const blocks = [longName('L', name), longName('K', target)];
  const header = block(FLAGS[member.type], member.size, mtime, Number.parseInt(member.mode, 8));
  name.copy(header, 0, 0, 100);
  target.copy(header, 157, 0, 100);
  number(header, 108, 8, owner?.uid ?? 0);
  number(header, 116, 8, owner?.gid ?? 0);
  Buffer.from(owner?.user ?? '').copy(header, 265, 0, 31);
  Buffer.from(owner?.group ?? '').copy(header, 297, 0, 31);
  return Buffer.concat([...blocks, summed(header)]);
}

/** What fills up the last block of content of this size. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc(-size & (BLOCK - 1));
}

/** Nothing for a name that fits. */
function longName(flag: 'L' | 'K', name: Buffer): Buffer {
  if (name.length <= 99) return Buffer.alloc(0);
  const size = name.length + 1;
  const header = block(flag, size, 0, 0);
  header.write('././@LongLink');
  return Buffer.concat([summed(header), name, Buffer.alloc(1), tarPadding(size)]);
}

function block(flag: string, size: number, mtime: number, mode: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  number(header, 100, 8, mode);
  number(header, 108, 8, 0);
  number(header, 116, 8, 0);
  number(header, 124, 12, size);
  number(header, 136, 12, Math.max(0, mtime));
  header.write(flag, 156);
  header.write('ustar  \0', 257, 'latin1');
  return header;
}

/** Octal where it fits, else GNU's binary form. */
function number(header: Buffer, at: number, length: number, value: number): void {
  if (value < 8 ** (length - 1)) {
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
    return;
  }
  header.fill(0, at, at + length);
  header.writeUInt8(0x80, at);
  header.writeBigUInt64BE(BigInt(value), at + length - 8);
  header[at] = (header[at] as number) | 0x80;
}

function summed(header: Buffer): Buffer {
  header.fill(32, 148, 156);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}
