/**
 * The folders of runner/, from the ground up, and which others each may import; docs/architecture.md shows them as a table
 * (`npm run docs`). Nothing imports what stands above it.
 */
const LAYERS = {
  diagnostics: { what: 'what can be wrong, and how it is reported with its place', imports: [] },
  model: {
    what: 'types and contracts without I/O: playbook, inventory, variables, module, events, shell, transport',
    imports: ['diagnostics'],
  },
  language: {
    what: 'YAML with places, templates and their helpers, conditions, regular expressions, vaults and masking',
    imports: ['diagnostics', 'model'],
  },
  controller: {
    what: 'the machine that xrun runs on: its processes, and the files that they may leave there',
    imports: [],
  },
  inventory: {
    what: 'hosts and groups from YAML, INI and scripts; patterns; how to log in',
    imports: ['diagnostics', 'model', 'language'],
  },
  variables: {
    what: "layers of variables, scopes, xrun's own variables",
    imports: ['diagnostics', 'model', 'language', 'inventory'],
  },
  connection: {
    what: 'SSH and local transports, the persistent shell, becoming another user, the writer of files',
    imports: ['diagnostics', 'model', 'language'],
  },
  playbook: {
    what: 'YAML to typed tasks: keywords, parsing, and checks that need no host',
    imports: ['diagnostics', 'model', 'language', 'variables'],
  },
  modules: {
    what: 'what tasks call, by family; `path/` and `shared/` are for all of them',
    imports: ['diagnostics', 'model', 'language', 'connection'],
  },
  reporters: { what: 'events to text: live, plain, jsonl, GitHub, JUnit, HTML', imports: ['diagnostics', 'model'] },
  testing: {
    what: 'the runner of cases that tests of modules use, ours and those of plugins',
    imports: ['diagnostics', 'model', 'language', 'connection', 'modules'],
  },
  extend: {
    what: 'the entry points for plugins',
    imports: ['diagnostics', 'model', 'language', 'connection', 'reporters', 'testing'],
  },
  plugins: {
    what: "the project's configuration, and modules, helpers and reporters of others: found, checked, added to xrun's own",
    imports: ['diagnostics', 'model', 'language', 'playbook', 'modules', 'reporters', 'extend'],
  },
  engine: {
    what: 'runs, plays, tasks, actions, guarded blocks',
    imports: [
      'diagnostics',
      'model',
      'language',
      'controller',
      'inventory',
      'variables',
      'connection',
      'playbook',
      'modules',
    ],
  },
  migrate: {
    what: "an Ansible project's files in xrun's words: what changes, what stays for people, and how it is written",
    imports: ['diagnostics', 'model', 'language', 'playbook'],
  },
  api: {
    what: 'load, validate, run, exec, describe: all that the command line calls',
    imports: [
      'diagnostics',
      'model',
      'language',
      'controller',
      'inventory',
      'variables',
      'connection',
      'playbook',
      'modules',
      'engine',
      'migrate',
      'reporters',
      'plugins',
    ],
  },
  cli: {
    what: 'arguments to options, output to streams, exit codes; the only user of `process`',
    imports: ['diagnostics', 'model', 'controller', 'api', 'reporters'],
  },
};

/** Families of modules that use another's helpers. */
const RELATED = {
  debian: ['repositories'],
  facts: ['docker'],
  files: ['http'],
  login: ['files'],
  repositories: ['http', 'packages'],
};

/** The layers as they are enforced, a row each. */
function layersMarkdown() {
  const rows = Object.entries(LAYERS).map(
    ([name, { what, imports }]) => `| \`${name}/\` | ${what} | ${imports.join(', ')} |\n`,
  );
  return `| folder | what is in it | may import |\n|---|---|---|\n${rows.join('')}`;
}

module.exports = { LAYERS, RELATED, layersMarkdown };
