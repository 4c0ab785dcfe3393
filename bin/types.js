// Writes the types of the entry points, and of all that they mention, to dist/types, unless they are newer than every source.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const types = path.join(root, 'dist/types');

const isNewer = (file) =>
  !existsSync(path.join(types, 'model/api-version.d.ts')) ||
  statSync(file).mtimeMs > statSync(path.join(types, 'model/api-version.d.ts')).mtimeMs;
const sources = readdirSync(path.join(root, 'runner'), { recursive: true, encoding: 'utf8' });
if (!sources.some((name) => isNewer(path.join(root, 'runner', name)))) process.exit();

rmSync(types, { recursive: true, force: true });
const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
execFileSync(process.execPath, [tsc, '-p', path.join(root, 'tsconfig.types.json')], { stdio: 'inherit' });

// Declarations keep the names of the sources that they came from, which are not there.
for (const name of readdirSync(types, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.d.ts')) continue;
  const file = path.join(types, name);
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replaceAll(/((?:from |import\()['"]\.{1,2}\/[^'"]+)\.ts(?=['"])/g, '$1.js'),
  );
}
