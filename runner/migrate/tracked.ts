import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/**
 * Why git could not bring the files at a path back as they are.
 *
 * @param path absolute
 * @returns undefined where all that is there is committed
 */
export async function uncommitted(path: string): Promise<string | undefined> {
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  const [directory, name] = isFile ? [dirname(path), basename(path)] : [path, '.'];
  const status = await git(directory, ['status', '--porcelain', '--ignored=matching', '--', name]);
  if ('failure' in status) return status.failure;
  const lines = status.output.split('\n').filter((line) => line !== '');
  return lines.length === 0
    ? undefined
    : `${lines.length === 1 ? 'a file' : `${lines.length} files`} not committed (${lines[0]?.slice(3)})`;
}

function git(directory: string, args: string[]): Promise<{ output: string } | { failure: string }> {
  // A repository's own configuration must not make git run programs, as `core.fsmonitor` would.
  const safe = ['-c', 'core.fsmonitor=false', '-c', 'core.quotePath=true', '-C', directory];
  return new Promise((resolve) => {
    execFile('git', [...safe, ...args], { maxBuffer: 64e6 }, (error, stdout, stderr) => {
      if (!error) resolve({ output: stdout });
      else if (error.code === 'ENOENT') resolve({ failure: 'git is not installed' });
      else resolve({ failure: stderr.trim().split('\n').at(0) ?? error.message });
    });
  });
}
