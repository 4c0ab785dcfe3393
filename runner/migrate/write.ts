import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { XrunError } from '../diagnostics/errors.ts';
import type { Change, Plan } from './plan.ts';

/**
 * Writes the migrated project to another directory: every file of the old one, and its links as they are.
 *
 * @param directory absolute; new or empty
 * @throws XrunError E_MIGRATE where it is neither, or lies in the project, or a file would be written through a link
 */
export function writeTo(plan: Plan, directory: string): void {
  if (`${resolve(directory)}${sep}`.startsWith(`${plan.root}${sep}`))
    throw new XrunError('E_MIGRATE', `${directory} lies in the project that is migrated`, {
      hint: 'Name a directory outside of it.',
    });
  if (existsSync(directory) && readdirSync(directory).length > 0)
    throw new XrunError('E_MIGRATE', `${directory} is not empty`, {
      hint: 'Name a new directory: nothing is overwritten.',
    });
  for (const change of plan.changes) refuseLinks(plan, change);
  const changed = new Set(plan.changes.map(({ name, from = name }) => from));
  for (const name of plan.files) if (!changed.has(name)) copy(plan.root, directory, name);
  for (const name of plan.links) {
    makeParent(join(directory, name));
    symlinkSync(readlinkSync(join(plan.root, name)), join(directory, name));
  }
  for (const change of plan.changes) {
    makeParent(join(directory, change.name));
    writeFileSync(join(directory, change.name), change.after, { mode: modeOf(plan, change) });
  }
}

/**
 * Writes the migrated files in the place of the old ones: each whole or not at all, new ones before old ones go.
 *
 * @throws XrunError E_MIGRATE where a new file would replace another one or be written through a link, before anything is written
 */
export function writeInPlace(plan: Plan): void {
  for (const change of plan.changes) refuseLinks(plan, change);
  for (const change of plan.changes) refuseOther(plan, change);
  for (const change of plan.changes) replace(join(plan.root, change.name), change.after, modeOf(plan, change));
  for (const { from } of plan.changes) if (from !== undefined) rmSync(join(plan.root, from));
}

/** A link of the project could lead a new file, such as a helper, to anywhere. */
function refuseLinks({ root, links }: Plan, { name }: Change): void {
  const link = links.find((one) => name === one || name.startsWith(`${one}/`));
  if (link === undefined) return;
  throw new XrunError('E_MIGRATE', `${join(root, name)} would be written through the symbolic link ${link}`, {
    hint: 'Put a directory or a file of the project in its place.',
  });
}

function refuseOther({ root }: Plan, { name, from, before, after }: Change): void {
  const path = join(root, name);
  if ((from === undefined && before !== undefined) || !existsSync(path) || readFileSync(path, 'utf8') === after) return;
  throw new XrunError('E_MIGRATE', `${path} exists already, and a migrated file would replace it`, {
    hint: 'Move it away, or the file that it would come from.',
  });
}

function replace(path: string, text: string, mode: number): void {
  const fresh = `${path}.${randomUUID()}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(fresh, text, { mode: 0o600, flag: 'wx' });
    chmodSync(fresh, mode);
    renameSync(fresh, path);
  } catch (cause) {
    rmSync(fresh, { force: true });
    throw new XrunError('E_FILE', `cannot write ${path}: ${(cause as Error).message}`, { cause });
  }
}

/** The mode of the file that it comes from. */
function modeOf({ root }: Plan, { name, from = name, before }: Change): number {
  return before === undefined ? 0o644 : statSync(join(root, from)).mode & 0o777;
}

function copy(root: string, directory: string, name: string): void {
  makeParent(join(directory, name));
  copyFileSync(join(root, name), join(directory, name));
}

function makeParent(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
}
