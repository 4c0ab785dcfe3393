import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Binaries of Node.js from npm, the latest of each of these major versions.
 *
 * @param folder an empty directory that they are installed into
 * @returns the paths of the programs, by major version
 */
export function binaries(majors: readonly string[], folder: string): Map<string, string> {
  const name = `node-${process.platform}-${process.arch}`;
  writeFileSync(join(folder, 'package.json'), '{"private": true}');
  const packages = majors.map((major) => `node${major}@npm:${name}@${major}`);
  execFileSync('npm', ['install', '--silent', '--ignore-scripts', '--no-audit', '--no-fund', ...packages], {
    cwd: folder,
  });
  return new Map(majors.map((major) => [major, join(folder, `node_modules/node${major}/bin/node`)]));
}
