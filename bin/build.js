import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = path.join(root, 'dist');
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Bundles runner/cli.ts into dist/, split at dynamic imports, so that a command loads only what it needs. Packages stay
 * outside: they are installed anyway, and ssh2 looks for its own files.
 */
export async function build() {
  const esbuild = await import('esbuild').catch(() => {
    throw new Error('xrun is not built, and esbuild is not installed: run `npm install && npm run build`');
  });
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['runner/cli.ts'],
    outdir: dist,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
    write: false,
  });
  mkdirSync(dist, { recursive: true });
  // The entry comes last, and every file at once: another xrun may be starting from here.
  const isEntry = (file) => path.basename(file.path) === 'cli.js';
  for (const file of outputFiles.toSorted((a, b) => isEntry(a) - isEntry(b))) {
    writeFileSync(`${file.path}.${process.pid}`, file.contents);
    renameSync(`${file.path}.${process.pid}`, file.path);
  }
  removeOld(new Set(outputFiles.map((file) => file.path)));
}

/** Chunks of earlier builds stay for a while: a long run may yet load some. */
function removeOld(current) {
  for (const name of readdirSync(dist)) {
    const file = path.join(dist, name);
    if (!current.has(file) && Date.now() - statSync(file).mtimeMs > DAY_MS) rmSync(file, { force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
