import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { XrunError } from '../../diagnostics/errors.ts';
import type { Surroundings } from './evaluation.ts';
import type { Root } from './frame.ts';
import { missingPartialHint, partialFolders, partialPaths } from './partial-files.ts';

/**
 * Partials and files as they lie on the controller's disk; each is read once.
 *
 * @param cwd what relative names of files are relative to, absolute
 */
export function diskSurroundings(env: Surroundings['env'], cwd: string): Surroundings {
  const texts = new Map<string, string | undefined>();
  const read = (path: string): string | undefined => {
    if (!texts.has(path)) texts.set(path, readText(path));
    return texts.get(path);
  };
  const foldersFor = (root: Root, near?: string) => partialFolders(searchBases(root), near && resolve(cwd, near));
  return {
    env,
    partial(name, root, near) {
      const file = partialPaths(name, foldersFor(root, near)).find((path) => read(path) !== undefined);
      return file === undefined ? undefined : { file, text: read(file) ?? '' };
    },
    missingPartialHint: (name, root, near) => missingPartialHint(name, foldersFor(root, near)),
    readFile(path, root) {
      const paths = filePaths(path, root).map((candidate) => resolve(cwd, candidate));
      const found = paths.map(read).find((text) => text !== undefined);
      if (found !== undefined) return found;
      throw new XrunError('E_FILE', `no file '${path}' can be read`, { hint: `Looked for ${paths.join(', ')}.` });
    },
  };
}

function filePaths(path: string, root: Root): string[] {
  const bases = searchBases(root);
  return bases.length === 0 ? [path] : bases.flatMap((base) => [resolve(base, 'files', path), resolve(base, path)]);
}

function searchBases({ scope }: Root): string[] {
  return ['role_path', 'playbook_dir'].flatMap((name) => (scope.has(name) ? [String(scope.get(name))] : []));
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw new XrunError('E_FILE', `${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
