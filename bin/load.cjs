'use strict';
const { createHash } = require('node:crypto');
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');

// A run is over before most functions have earned what V8 spends on optimizing them: it is to wait four times as long
// (its own value is 132 kB of bytecode). That is an eighth less processor time on 50 hosts. Later versions of Node do not
// have this flag, and print an error for one that they do not have.
if (process.versions.node.startsWith('20.')) v8.setFlagsFromString('--interrupt-budget=528000');

/** What V8 has kept of the bundle's code, behind the digest of the bundle and the Node that it belongs to. */
const kept = (bundle) => `${bundle}.cache`;
/** V8 takes code of another build of itself, and crashes in it: what Node calls its build is part of the digest. */
const BUILD = JSON.stringify([process.versions, process.arch, process.config.variables]);
const digestOf = (source) => createHash('sha1').update(BUILD).update(source).digest();
const DIGEST_BYTES = 20;

/**
 * Runs the bundle, which is CommonJS, and returns what it exports. Code that `keepCode` has kept is not compiled again,
 * which is half of what a start takes; another Node than the one that kept it compiles as ever. From then on `require` of
 * the same file returns the same module: a plugin shares everything with the xrun that loads it.
 *
 * @param bundle absolute path
 */
function load(bundle) {
  const source = readFileSync(bundle);
  const script = new vm.Script(`(function (exports, require, module, __dirname) {${source.toString('latin1')}\n})`, {
    filename: bundle,
    cachedData: codeOf(bundle, source),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const module = new Module(bundle);
  require.cache[bundle] = module;
  script.runInThisContext()(module.exports, Module.createRequire(bundle), module, path.dirname(bundle));
  module.loaded = true;
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

exports.load = load;
