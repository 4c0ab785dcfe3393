import { ensurePrograms } from '../../lab/requirements.ts';

/** Before the run: shells that the tests try scripts with, beside those that every Debian has. */
export async function setup(): Promise<void> {
  await ensurePrograms({ busybox: 'busybox' }, (line) => process.stderr.write(`${line}\n`));
}
