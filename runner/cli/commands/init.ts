import { lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { XrunError } from '../../diagnostics/errors.ts';
import { oneLine } from '../../diagnostics/clean.ts';
import { quote } from '../../model/script.ts';
import { EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { outOf } from '../out.ts';
import { INIT_FILES } from '../texts/init-files.ts';

/** `xrun init [DIR]`: writes a project that can be run at once, and says what to do next. Throws XrunError E_INIT. */
export async function initCommand(directory: string | undefined, _flags: object, io: Io): Promise<number> {
  const root = path.resolve(io.cwd, directory ?? '.');
  refuseExisting(root, directory ?? '.');
  for (const [name, text] of Object.entries(INIT_FILES)) write(path.join(root, name), text);
  const names = Object.keys(INIT_FILES).map((name) => path.join(directory ?? '.', name));
  const lines = [...names.map((name) => `created ${name}`), '', 'Next:', ...nextSteps(directory)];
  outOf(io.stdout).write(lines.map((line) => `${oneLine(line)}\n`).join(''));
  return EXIT.ok;
}

/** Nothing is written where a single file would be replaced. */
function refuseExisting(root: string, shown: string): void {
  const existing = Object.keys(INIT_FILES).filter((name) => exists(path.join(root, name)));
  if (existing.length === 0) return;
  throw new XrunError('E_INIT', `${shown} already has ${existing.join(', ')}; nothing was written`, {
    hint: 'Choose an empty directory: `xrun init DIR`.',
  });
}

/** A project that others may write is refused by later commands, whatever the umask of the user. */
function write(file: string, text: string): void {
  attempt(file, () => {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o755 });
    writeFileSync(file, text, { mode: 0o644, flag: 'wx' });
  });
}

/** Throws where a directory above it is a file, or cannot be read. */
function exists(file: string): boolean {
  return attempt(file, () => lstatSync(file, { throwIfNoEntry: false })) !== undefined;
}

function attempt<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new XrunError('E_INIT', `cannot write ${file}: ${(cause as Error).message}`, { cause });
  }
}

function nextSteps(directory: string | undefined): string[] {
  return [
    ...(directory === undefined ? [] : [`  cd ${quote(directory)}`]),
    '  xrun site.yml --check --diff    # shows what would change on this machine',
    '  xrun site.yml                   # changes it',
    '  xrun inventory                  # your hosts belong into inventory/hosts.yml',
  ];
}
