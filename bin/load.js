import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import v8 from 'node:v8';
import vm from 'node:vm';

// A run is over before most functions have earned what V8 spends on optimizing them: it is to wait four times as long
// (its own value is 132 kB of bytecode). That is an eighth less processor time on 50 hosts. Later versions of Node do not
// have this flag, and print an error for one that they do not have.
if (process.versions.node.startsWith('20.')) v8.setFlagsFromString('--interrupt-budget=528000');

/** What V8 has kept of the bundle's code, behind the digest of the bundle that it belongs to. */
const kept = (bundle) => `${bundle}.cache`;
const digestOf = (source) => createHash('sha1').update(source).digest();
const DIGEST_BYTES = 20;

/**
 * Runs the bundle, which is CommonJS, and returns what it exports. Code that `keepCode` has kept is not compiled again,
 * which is half of what a start takes; another Node than the one that kept it compiles as ever.
 *
 * @param bundle absolute path
 */
export function load(bundle) {
  const source = readFileSync(bundle);
  const script = new vm.Script(`(function (exports, require, module, __dirname) {${source.toString('latin1')}\n})`, {
    filename: bundle,
    cachedData: codeOf(bundle, source),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(bundle), module, path.dirname(bundle));
  return { ...module.exports, keepCode: () => keepCode(bundle, source, script) };
}

/** V8 looks only at the length of the source, so the digest says whether the code is of this one. */
function codeOf(bundle, source) {
  try {
    const code = readFileSync(kept(bundle));
    return code.subarray(0, DIGEST_BYTES).equals(digestOf(source)) ? code.subarray(DIGEST_BYTES) : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the code of all functions that have run until now. */
function keepCode(bundle, source, script) {
  const file = kept(bundle);
  writeFileSync(`${file}.${process.pid}`, Buffer.concat([digestOf(source), script.createCachedData()]));
  renameSync(`${file}.${process.pid}`, file);
}
