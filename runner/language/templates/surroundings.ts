import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, isAbsolute, resolve } from 'node:path';
import { XrunError } from '../../diagnostics/errors.ts';
import type { Surroundings } from './evaluation.ts';
import { fetchText } from './fetch-text.ts';
import { keptFile } from './kept-file.ts';
import type { Root } from './frame.ts';
import type { Reach } from './helpers/helper.ts';
import { missingPartialHint, partialFolders, partialPaths } from './partial-files.ts';

/** Renders the text of a file with the variables of a root. */
type RenderText = (text: string, file: string, root: Root) => string;

/** Folders of a role and of a playbook in which a file may lie that a helper names. */
const folders = ['files', 'templates', 'vars', 'tasks', ''];

/**
 * Partials and files as they lie on the controller's disk, and what addresses answer; each is read once.
 *
 * @param cwd what relative names of files are relative to, absolute
 * @param render renders the files that a helper wants as templates
 */
export function diskSurroundings(env: Reach['env'], cwd: string, render: RenderText): Surroundings {
  const texts = new Map<string, string | undefined>();
  const fetched = new Map<string, string>();
  const read = (path: string): string | undefined => {
    if (!texts.has(path)) texts.set(path, readText(path));
    return texts.get(path);
  };
  const foldersFor = (root: Root, near?: string) => partialFolders(searchBases(root), near && resolve(cwd, near));
  const find = (path: string, within: readonly string[], root: Root): { file: string; text: string } => {
    const paths = filePaths(path, within, root).map((candidate) => resolve(cwd, candidate));
    const file = paths.find((one) => read(one) !== undefined);
    if (file !== undefined) return { file, text: read(file) ?? '' };
    throw new XrunError('E_FILE', `no file '${path}' can be read`, { hint: `Looked for ${paths.join(', ')}.` });
  };
  return {
    partial(name, root, near) {
      const file = partialPaths(name, foldersFor(root, near)).find((path) => read(path) !== undefined);
      return file === undefined ? undefined : { file, text: read(file) ?? '' };
    },
    missingPartialHint: (name, root, near) => missingPartialHint(name, foldersFor(root, near)),
    reach: (root) => ({
      env,
      readFile: (path) => find(path, ['files', ''], root).text,
      renderFile(path) {
        const { text, file } = find(path, ['templates', ''], root);
        return render(text, file, root);
      },
      keepFile: (path, make) => keptFile(resolve(cwd, searchBases(root).at(-1) ?? '', path), make),
      fetchText(address, fetching) {
        const key = JSON.stringify([address, fetching.headers]);
        const text = fetched.get(key) ?? fetchText(address, fetching);
        fetched.set(key, text);
        return text;
      },
      findFiles: (pattern) =>
        filePaths(pattern, folders, root)
          .map((path) => matching(resolve(cwd, path)))
          .find((files) => files.length > 0) ?? [],
    }),
  };
}

function filePaths(path: string, within: readonly string[], root: Root): string[] {
  const bases = searchBases(root);
  if (isAbsolute(path) || bases.length === 0) return [path];
  return bases.flatMap((base) => within.map((folder) => resolve(base, folder, path)));
}

function searchBases({ scope }: Root): string[] {
  return ['role_path', 'playbook_dir'].flatMap((name) => (scope.has(name) ? [String(scope.get(name))] : []));
}

/** The files whose names a pattern matches, by name; `*`, `?` and `[a-z]` in the last part of the path mean something. */
function matching(path: string): string[] {
  const pattern = new RegExp(
    `^${basename(path)
      .replaceAll(/[.+^${}()|\\]/g, '\\$&')
      .replaceAll('[!', '[^')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  );
  return filesIn(dirname(path))
    .filter((name) => pattern.test(name) && name.startsWith('.') === basename(path).startsWith('.'))
    .map((name) => resolve(dirname(path), name));
}

function filesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() ? [] : [entry.name])).toSorted();
  } catch {
    return [];
  }
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
