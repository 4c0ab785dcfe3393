import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = path.join(root, 'dist');
const DAY_MS = 24 * 60 * 60 * 1000;

/** Packages that stay outside: ssh2 looks for its own files. */
const external = ['ssh2', 'node-ssh'];
/** What packages of the older kind call. */
const banner = { js: "import { createRequire as xrunRequire } from 'node:module';\nconst require = xrunRequire(import.meta.url);" };

/**
 * Bundles runner/cli.ts and its packages into dist/, split at dynamic imports, so that a command loads only what it
 * needs. A file less to find and open is worth more than the text in it: packages come in dozens of small ones.
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
    external,
    banner,
    // Less to read at every start; names stay, for stack traces.
    minifySyntax: true,
    minifyWhitespace: true,
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
