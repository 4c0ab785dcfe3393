import { createRequire } from 'node:module';
import path from 'node:path';
import { write } from './write.js';

/** The package's entry points, by their names in `exports` of package.json, and the files of runner/ that they are made of. */
export const ENTRIES = {
  index: 'api/xrun',
  module: 'extend/module',
  helper: 'extend/helper',
  reporter: 'extend/reporter',
  transport: 'extend/transport',
  testing: 'extend/testing',
};

/** The text that the bundle is made from: the command line at once, an entry point when it is asked for. */
export function bundleSource() {
  const getters = Object.entries(ENTRIES).map(
    ([name, file]) => `  get ${name}() { return require('./runner/${file}.ts'); },\n`,
  );
  return `export { cli, processIo } from './runner/cli/main.ts';\nexport const entries = {\n${getters.join('')}};\n`;
}

/** Writes the files that `exports` names: all of them are parts of the one bundle, so that nothing is there twice. */
export function writeEntries(dist) {
  const bundle = path.join(dist, 'cli.cjs');
  const require = createRequire(bundle);
  delete require.cache[bundle];
  const { entries } = require(bundle);
  for (const name of Object.keys(ENTRIES)) {
    const exported = Object.keys(entries[name]).map((each) => `exports.${each} = own.${each};\n`);
    write(
      path.join(dist, `${name}.cjs`),
      `'use strict';\nconst own = require('./cli.cjs').entries.${name};\n${exported.join('')}`,
    );
    write(path.join(dist, `${name}.d.ts`), `export * from './types/${ENTRIES[name]}.js';\n`);
  }
}
