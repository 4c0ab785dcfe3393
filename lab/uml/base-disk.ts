import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../command.ts';
import { withLock } from '../lock.ts';

const init = join(import.meta.dirname, 'uml-init');

/** What a disk holds beyond the image: room for containers. It is sparse, so only what is written takes space. */
const SIZE = '8G';

/**
 * The disk that every host with a kernel of its own starts from, made beside the image where it is not there yet: half a minute.
 * No journal and no checksums of metadata: the first is of no use to what is thrown away, and debugfs cannot write with the second.
 */
export async function ensureBaseDisk(imageDir: string, progress: (line: string) => void): Promise<string> {
  const disk = `${imageDir}.ext4`;
  const isNew = async () =>
    (await modified(disk)) > Math.max(await modified(imageDir), await modified(init)) || undefined;
  if (await isNew()) return disk;
  await withLock(`${disk}.lock`, async () => {
    if (await isNew()) return;
    progress('writing the image to a disk: half a minute, once');
    const partial = `${disk}.unfinished`;
    await rm(partial, { force: true });
    const options = ['-O', '^has_journal,^metadata_csum', '-E', 'lazy_itable_init=1,root_owner=0:0'];
    await run(['mke2fs', '-q', '-t', 'ext4', ...options, '-d', imageDir, partial, SIZE]);
    const path = '/usr/local/sbin/uml-init';
    for (const request of [`write ${init} ${path}`, `set_inode_field ${path} mode 0100755`])
      await run(['debugfs', '-w', '-R', request, partial]);
    await rename(partial, disk);
  });
  return disk;
}

const modified = (file: string) =>
  stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
