import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('pipelined.ts', import.meta.url));
/** Below node_modules, where it finds ssh2. */
const target = fileURLToPath(new URL('../node_modules/.cache/xrun-bench/pipelined.mjs', import.meta.url));

/** Compiles the ssh2 program beforehand: what is measured is it, not a compiler. Returns the file's path. */
export async function buildPipelined(): Promise<string> {
  await build({
    entryPoints: [source],
    outfile: target,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  });
  return target;
}
