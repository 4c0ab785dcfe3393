import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { XrunError } from '../../diagnostics/errors.ts';

const BY_GROUP = 0o020;
const BY_ANYBODY = 0o002;
const STICKY = 0o1000;

/**
 * Refuses a configuration that others may write or replace: what it names would run, and log in, as the person who runs
 * xrun below it.
 *
 * @param owners the users who may own it, besides root and the person who runs xrun
 * @throws XrunError E_CONFIG
 */
export function refuseOthers(file: string, shown: string, owners: readonly number[]): void {
  const real = realpathSync(file);
  const directory = `the directory of ${shown}`;
  const paths = new Map([
    [dirname(file), directory],
    [dirname(real), directory],
    [real, shown],
  ]);
  for (const [path, what] of paths) {
    refuseMode(path, what, shown, BY_ANYBODY | (ofOwnGroup(path) ? 0 : BY_GROUP));
    refuseOwner(path, what, shown, owners);
  }
  for (const above of [...directoriesAbove(dirname(file)), ...directoriesAbove(dirname(real))])
    if ((statSync(above).mode & STICKY) === 0) refuseMode(above, `${above}, which ${shown} is in`, shown, BY_ANYBODY);
}

/** A group of the same id as the person's own has usually nobody else in it. */
function ofOwnGroup(path: string): boolean {
  return statSync(path).gid === process.getgid?.();
}

function refuseMode(path: string, what: string, shown: string, writers: number): void {
  const { mode } = statSync(path);
  if ((mode & writers) === 0) return;
  throw new XrunError(
    'E_CONFIG',
    `others may write ${what}: its mode is ${(mode & 0o7777).toString(8).padStart(4, '0')}, so the configuration is refused`,
    { at: { file: shown, line: 1, col: 1 }, hint: `Run \`chmod go-w '${path}'\`.` },
  );
}

function refuseOwner(path: string, what: string, shown: string, owners: readonly number[]): void {
  const me = process.getuid?.();
  const { uid } = statSync(path);
  if (me === undefined || [0, me, ...owners].includes(uid)) return;
  throw new XrunError(
    'E_CONFIG',
    `another user owns ${what}: its owner has the id ${uid}, and yours is ${me}, so the configuration is refused`,
    { at: { file: shown, line: 1, col: 1 }, hint: `Run xrun as that user, or \`chown ${me} '${path}'\`.` },
  );
}

function directoriesAbove(directory: string): string[] {
  const above = dirname(directory);
  return above === directory ? [] : [above, ...directoriesAbove(above)];
}
