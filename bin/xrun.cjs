#!/usr/bin/env node
// Any Node can read this file, so that an old one can say that it is old: no syntax and no module in it is newer than 2009.
/* oxlint-disable no-var */
var version = process.versions.node.split('.');
var old = Number(version[0]) < 20 || (version[0] === '20' && Number(version[1]) < 19);

if (old) {
  process.stderr.write(
    'xrun needs Node.js 20.19 or later, and this is Node.js ' +
      process.versions.node +
      ': install a newer one from https://nodejs.org\n',
  );
  process.exit(2);
} else {
  require('./start.cjs');
}
