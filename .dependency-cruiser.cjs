const { LAYERS, RELATED } = require('./bin/layers.cjs');

/** Packages that one part wraps, so that another could take their place. */
const WRAPPED = {
  'node-ssh': '^runner/connection/',
  ssh2: '^runner/connection/',
  handlebars: '^runner/language/templates/',
  '@marcbachmann/cel-js': '^runner/language/conditions/',
  'js-yaml': '^runner/(language|testing)/',
  re2js: '^runner/language/regex/',
  '@jmespath-community/jmespath': '^runner/language/templates/helpers/',
  unixcrypt: '^runner/language/templates/helpers/',
  listr2: '^runner/reporters/live/live-list\\.ts$',
  jiti: '^runner/plugins/',
  commander: '^runner/cli/',
  '@bomb.sh/tab': '^runner/cli/completion/',
  chalk: '^runner/reporters/text/style\\.ts$',
};

/** Packages that every part may use, and types. */
const FREE = [
  'zod',
  'diff',
  'fast-string-width',
  'fastest-levenshtein',
  'ipaddr.js',
  'junit-report-builder',
  '@renovatebot/pep440',
  'ssh-config',
  '@types/node',
  '@types/ssh2',
];

const quoted = (text) => text.replaceAll('.', '\\.');
/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...Object.entries(LAYERS).map(([name, { imports }]) => ({
      name: `${name}-imports`,
      comment: `runner/${name}/ may import ${imports.join(', ') || 'nothing'}`,
      severity: 'error',
      from: { path: `^runner/${name}/` },
      to: { path: '^runner/', pathNot: `^runner/(${[name, ...imports].join('|')})/` },
    })),
    {
      name: 'no-other-layers',
      comment: 'each file of runner/ is in one of its layers',
      severity: 'error',
      from: { path: '^runner/', pathNot: `^runner/(${Object.keys(LAYERS).join('|')})/` },
      to: {},
    },
    {
      name: 'modules-by-family',
      comment: 'a module uses its own family, and what modules/path/ and modules/shared/ hold for all',
      severity: 'error',
      from: { path: '^runner/modules/([^/]+)/', pathNot: `^runner/modules/(${Object.keys(RELATED).join('|')})/` },
      to: { path: '^runner/modules/', pathNot: '^runner/modules/($1|path|shared)/' },
    },
    ...Object.entries(RELATED).map(([name, others]) => ({
      name: `modules-of-${name}`,
      severity: 'error',
      from: { path: `^runner/modules/${name}/` },
      to: { path: '^runner/modules/', pathNot: `^runner/modules/(${[name, 'path', 'shared', ...others].join('|')})/` },
    })),
    {
      name: 'modules-and-connections',
      comment: 'a module asks nothing of a connection but how files are written',
      severity: 'error',
      from: { path: '^runner/modules/' },
      to: { path: '^runner/connection/', pathNot: '^runner/connection/files/' },
    },
    ...Object.entries(WRAPPED).map(([name, users]) => ({
      name: `only-one-user-of-${name.replaceAll(/[@/]/g, '')}`,
      severity: 'error',
      from: { path: '^runner/', pathNot: users },
      to: { path: `(^|/)node_modules/${quoted(name)}/` },
    })),
    {
      name: 'not-from-outside',
      comment: 'runner/ stands alone',
      severity: 'error',
      from: { path: '^runner/' },
      to: { path: '^(lab|bench|test|bin)/' },
    },
    {
      name: 'no-circles',
      comment:
        'imports of types counted: what knows each other is one thing, or one asks the other by a function that it is given',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'only-known-packages',
      comment: 'what runner/ imports becomes part of the bundle; tools and tests do not belong there',
      severity: 'error',
      from: { path: '^runner/' },
      to: {
        path: '(^|/)node_modules/',
        pathNot: [...Object.keys(WRAPPED), ...FREE].map((name) => `(^|/)node_modules/${quoted(name)}/`),
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    // TypeScript 7 has no API that dependency-cruiser could parse with.
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
