'use strict';
const { existsSync, readFileSync, readdirSync, statSync } = require('node:fs');
const path = require('node:path');

const root = path.dirname(__dirname);
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const argv = process.argv.slice(2);

// Nothing else is loaded for this: scripts ask often.
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) console.log(version);
else void main();

async function main() {
  const bundle = path.join(root, 'dist/cli.cjs');
  if (isOld(bundle)) await (await import('./build.js')).build();
  const { cli, processIo } = require('./load.cjs').load(bundle);
  const code = await cli(argv, processIo(), version);
  // A host that hangs must not keep xrun from leaving; what was written is written first.
  process.stdout.write('', () => process.exit(code));
}

/** A clone that was pulled or edited since it was built is built again. */
function isOld(bundle) {
  const source = path.join(root, 'runner');
  if (!existsSync(bundle)) return true;
  if (!existsSync(source)) return false;
  return hasNewer(source, statSync(bundle).mtimeMs);
}

/** Every start waits for this. What has a dot in its name is no directory. */
function hasNewer(directory, built) {
  return readdirSync(directory).some((name) => {
    const file = `${directory}/${name}`;
    return name.includes('.') ? statSync(file).mtimeMs > built : hasNewer(file, built);
  });
}
