import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { down } from '../../lab/lab.ts';
import { takeLock } from '../../lab/lock.ts';
import { labsDir } from '../../lab/paths.ts';
import { usedLabs } from './used-labs.ts';

/** After the run: takes down the labs its tests have booted, once no other run is on them. XRUN_LAB_KEEP leaves them. */
export async function teardown(): Promise<void> {
  if (process.env['XRUN_LAB_KEEP']) return;
  for (const name of await readdir(usedLabs).catch(() => [])) {
    const release = await takeLock(join(labsDir, `${name}.tests.lock`));
    await down(name).finally(release);
    await rm(join(usedLabs, name), { force: true });
  }
}
