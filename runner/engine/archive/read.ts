import { createHash } from 'node:crypto';
import { XrunError } from '../../errors.ts';
import type { ArchiveFormat, LocalArchive, LocalFile, Member } from '../../shell/local-file.ts';
import type { Met } from './member-source.ts';
import { readTar } from './tar.ts';
import { formatOf, unpacked } from './unpacked.ts';
import { readZip } from './zip.ts';

const known = new WeakMap<LocalFile, Promise<LocalArchive>>();

/** An archive's members with the checksums of their content; read once for all hosts. Throws E_LOCAL_FILE. */
export function readArchive(file: LocalFile): Promise<LocalArchive> {
  let archive = known.get(file);
  if (!archive) known.set(file, (archive = list(file)));
  return archive;
}

/** All that is in an archive, one after the other. */
export function members(path: string, format: ArchiveFormat): AsyncGenerator<Met> {
  return format === 'zip' ? readZip(path) : readTar(unpacked(path, format));
}

async function list(file: LocalFile): Promise<LocalArchive> {
  const format = await formatOf(file.path);
  const found: Member[] = [];
  try {
    for await (const { member, content } of members(file.path, format)) {
      const hash = createHash('sha256');
      for await (const chunk of content) hash.update(chunk);
      found.push(member.type === 'file' ? { ...member, sha256: hash.digest('hex') } : member);
    }
  } catch (error) {
    throw new XrunError('E_LOCAL_FILE', `cannot read the archive ${file.path}: ${(error as Error).message}`, { cause: error });
  }
  return { ...file, format, members: found };
}
