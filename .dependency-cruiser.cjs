/** What each part of runner/ may import, besides errors.ts, api-version.ts, nearest.ts, own-files.ts, process-identity.ts, text/ and itself; the arrows of docs/architecture.md. */
const MAY_IMPORT = {
  api: ['index.ts', 'index', 'events.ts'],
  extend: ['modules', 'vars', 'report', 'shell', 'transport', 'testing', 'events.ts'],
  testing: ['modules', 'vars', 'shell'],
  plugins: ['extend', 'playbook', 'modules', 'vars', 'report', 'transport', 'yaml'],
  'cli.ts': ['cli', 'index.ts', 'report', 'events.ts'],
  cli: ['index.ts', 'report', 'events.ts'],
  'index.ts': ['index', 'plugins', 'report', 'engine', 'inventory', 'playbook', 'vars', 'modules', 'yaml', 'shell', 'transport', 'events.ts'],
  index: ['plugins', 'report', 'engine', 'inventory', 'playbook', 'vars', 'modules', 'yaml', 'shell', 'transport', 'events.ts'],
  engine: ['playbook', 'inventory', 'vars', 'modules', 'yaml', 'shell', 'transport', 'events.ts'],
  playbook: ['yaml', 'vars', 'modules'],
  inventory: ['yaml', 'vars', 'shell', 'transport'],
  vars: ['yaml', 'playbook', 'inventory', 'shell', 'regex'],
  modules: ['shell', 'regex', 'events.ts'],
  report: ['events.ts'],
  shell: ['transport'],
  regex: [],
  transport: [],
  yaml: [],
  'events.ts': [],
  text: [],
  'errors.ts': [],
  'nearest.ts': [],
  'own-files.ts': [],
  'process-identity.ts': [],
  'api-version.ts': [],
  'limiter.ts': [],
};

/** Packages that one part wraps, so that another could take their place. */
const WRAPPED = {
  'node-ssh': '^runner/transport/',
  ssh2: '^runner/transport/',
  handlebars: '^runner/vars/',
  '@marcbachmann/cel-js': '^runner/vars/',
  'js-yaml': '^runner/(yaml|vars|testing)/',
  re2js: '^runner/regex/',
  listr2: '^runner/report/live-list\\.ts$',
  jiti: '^runner/plugins/',
  commander: '^runner/cli(/|\\.ts)',
  chalk: '^runner/report/style\\.ts$',
};

/** Packages that every part may use, and types. */
const FREE = ['zod', 'diff', 'fast-string-width', 'fastest-levenshtein', 'ipaddr.js', 'junit-report-builder', 'ssh-config', '@types/node', '@types/ssh2'];

const quoted = (text) => text.replaceAll('.', '\\.');
const part = (name) => `^runner/${name.includes('.') ? `${quoted(name)}$` : `${name}/`}`;
const EVERYBODY = ['errors.ts', 'api-version.ts', 'nearest.ts', 'limiter.ts', 'own-files.ts', 'process-identity.ts', 'text'];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...Object.entries(MAY_IMPORT).map(([name, allowed]) => ({
      name: `${name.replace('.ts', '')}-imports`,
      comment: `runner/${name} may import ${[...allowed, ...EVERYBODY].join(', ')}`,
      severity: 'error',
      from: { path: part(name) },
      to: { path: '^runner/', pathNot: [name, ...allowed, ...EVERYBODY].map(part) },
    })),
    ...Object.entries(WRAPPED).map(([name, users]) => ({
      name: `only-one-user-of-${name.replaceAll(/[@/]/g, '')}`,
      severity: 'error',
      from: { path: '^runner/', pathNot: users },
      to: { path: `(^|/)node_modules/${quoted(name)}/` },
    })),
    { name: 'not-from-outside', comment: 'runner/ stands alone', severity: 'error', from: { path: '^runner/' }, to: { path: '^(lab|bench|test|bin)/' } },
    { name: 'no-circles', comment: 'imports of types counted: what knows each other is one thing, or one asks the other by a function that it is given', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'only-known-packages',
      comment: 'what runner/ imports becomes part of the bundle; tools and tests do not belong there',
      severity: 'error',
      from: { path: '^runner/' },
      to: { path: '(^|/)node_modules/', pathNot: [...Object.keys(WRAPPED), ...FREE].map((name) => `(^|/)node_modules/${quoted(name)}/`) },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    // TypeScript 7 has no API that dependency-cruiser could parse with.
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
