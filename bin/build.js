import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleSource, writeEntries } from './entries.js';
import { licensesOf } from './licenses.js';
import { write } from './write.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles the command line, the public entry points and their packages into one file, dist/cli.cjs, and keeps its compiled code beside it. One file is
 * worth more than less text in many: packages come in hundreds of small ones. What a command does not need stays uncompiled.
 */
export async function build() {
  const esbuild = await import('esbuild').catch(() => {
    throw new Error('xrun is not built, and esbuild is not installed: run `npm install && npm run build`');
  });
  const { outputFiles, metafile } = await esbuild.build({
    absWorkingDir: root,
    stdin: { contents: bundleSource(), resolveDir: root, sourcefile: 'bundle.js' },
    outfile: path.join(root, 'dist/cli.cjs'),
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    // ssh2 does without these where there is no compiler: node's own ciphers are as fast.
    // jiti has files of its own, which it loads when it meets TypeScript.
    external: ['*.node', 'cpu-features', 'jiti'],
    // A bundle's import() of what is outside of it would look from the working directory.
    supported: { 'dynamic-import': false },
    // Less to read at every start; names stay, for stack traces.
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: true,
    sourcesContent: false,
    // Only code that runs outside of the bundle asks for it.
    define: { 'import.meta.url': "''" },
    logLevel: 'warning',
    metafile: true,
    write: false,
  });
  mkdirSync(path.join(root, 'dist'), { recursive: true });
  for (const file of outputFiles) write(file.path, file.contents);
  write(path.join(root, 'dist/licenses.txt'), licensesOf(Object.keys(metafile.inputs), root));
  writeEntries(path.join(root, 'dist'));
  execFileSync(process.execPath, [path.join(root, 'bin/warm-up.js'), path.join(root, 'dist/cli.cjs'), root], {
    stdio: 'inherit',
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
