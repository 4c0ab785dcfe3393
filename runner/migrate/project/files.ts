import { lstatSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { XrunError } from '../../diagnostics/errors.ts';

/** A file of what is migrated, by its path below the root, with `/`. */
export interface SourceFile {
  name: string;
  path: string;
}

/** What was found below a path. */
export interface Tree {
  /** Absolute; the directory of the file where the path is that of a file. */
  root: string;
  files: SourceFile[];
  /** Names of symbolic links: they are not followed. */
  links: string[];
}

/** Directories that hold nothing of the project's own. */
const foreign = new Set(['node_modules', '.git', '.hg', '.svn', '.tox', '.venv', 'venv', '__pycache__']);

/**
 * Lists a directory's files, or the one file that `path` names. Throws XrunError E_FILE where there is nothing to read.
 *
 * @param path absolute
 */
export function listTree(path: string): Tree {
  try {
    const stats = lstatSync(path);
    if (stats.isFile()) return { root: dirname(path), files: [{ name: basename(path), path }], links: [] };
    if (!stats.isDirectory()) throw new Error('it is neither a file nor a directory');
    const tree: Tree = { root: path, files: [], links: [] };
    walk(tree, path);
    return tree;
  } catch (cause) {
    throw new XrunError('E_FILE', `cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
}

/** The content of a file, or undefined where it is not text in UTF-8. */
export function textOf({ path }: SourceFile): string | undefined {
  const bytes = readFileSync(path);
  if (bytes.includes(0)) return undefined;
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : undefined;
}

function walk(tree: Tree, directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(directory, entry.name);
    const name = relative(tree.root, path).split(sep).join('/');
    if (entry.isSymbolicLink()) tree.links.push(name);
    else if (entry.isDirectory()) {
      if (!foreign.has(entry.name)) walk(tree, path);
    } else if (entry.isFile()) tree.files.push({ name, path });
  }
}
