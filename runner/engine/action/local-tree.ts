import { readdir, readlink, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { XrunError } from '../../diagnostics/errors.ts';
import type { LocalFile, LocalTree } from '../../model/local-file.ts';

/**
 * A directory of the controller's with all that is below it. Links are followed, or, with `links`, taken as links.
 * Throws E_LOCAL_FILE for what can be copied by neither way (a pipe, a device) and for a link into a directory around it.
 */
export async function readTree(
  root: string,
  links: boolean,
  describe: (path: string) => Promise<LocalFile>,
): Promise<LocalTree> {
  const tree: LocalTree = { path: root, mode: modeOf((await stat(root)).mode), files: [], directories: [], links: [] };
  const walk = async (directory: string, around: readonly string[]): Promise<void> => {
    const real = await realpath(join(root, directory));
    if (around.includes(real))
      throw new XrunError('E_LOCAL_FILE', `${join(root, directory)} is a link to a directory that it is in`);
    const entries = await readdir(join(root, directory), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const relative = join(directory, entry.name);
      const path = join(root, relative);
      if (links && entry.isSymbolicLink()) {
        tree.links.push({ relative, target: await readlink(path) });
        continue;
      }
      const info = await stat(path);
      if (info.isDirectory()) {
        tree.directories.push({ relative, mode: modeOf(info.mode) });
        await walk(relative, [...around, real]);
      } else if (info.isFile()) tree.files.push({ relative, file: await describe(path) });
      else throw new XrunError('E_LOCAL_FILE', `${path} is neither a file nor a directory nor a link`);
    }
  };
  await walk('', []);
  return tree;
}

function modeOf(bits: number): string {
  return (bits & 0o7777).toString(8).padStart(4, '0');
}
