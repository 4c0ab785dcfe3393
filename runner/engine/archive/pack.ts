import { createHash, randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalFile, LocalPack } from '../../shell/local-file.ts';
import { members } from './read.ts';
import { tarHeader, tarPadding, TAR_END } from './tar-header.ts';

/** Writes a pack as a temporary tar, hands it to `use`, and removes it. */
export async function withPack<T>({ archive, members: wanted }: LocalPack, use: (tar: LocalFile) => Promise<T>): Promise<T> {
  const path = join(tmpdir(), `xrun-pack-${randomBytes(8).toString('hex')}.tar`);
  const names = new Map(wanted.map((one) => [one.index, one]));
  const hash = createHash('sha256');
  const file = await open(path, 'wx', 0o600);
  let size = 0;
  const write = async (bytes: Buffer) => {
    hash.update(bytes);
    size += bytes.length;
    await file.appendFile(bytes);
  };
  try {
    let index = 0;
    for await (const { content, ...met } of members(archive.path, archive.format)) {
      const named = names.get(index++);
      if (!named) continue;
      await write(tarHeader({ ...met, member: { ...met.member, name: named.as, ...(named.target !== undefined && { target: named.target }) } }));
      for await (const bytes of content) await write(bytes);
      await write(tarPadding(met.member.size));
    }
    await write(TAR_END);
    await file.close();
    return await use({ path, size, sha256: hash.digest('hex'), mode: '0600' });
  } finally {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
  }
}
