import { cpSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blocksOf } from '../docs/blocks.ts';
import { putCommand, steady, stepsOf } from '../docs/session.ts';
import { Installed, root } from './packed.ts';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const installed = new Installed();
const package_ = join(installed.folder, 'node_modules/xrun');

beforeAll(() => void installed.add(root));
afterAll(() => installed.remove());

const fine = (stdout: RegExp) => ({ code: 0, stderr: '', stdout: expect.stringMatching(stdout) as string });

test('somebody else runs the installed command in an empty directory', () => {
  writeFileSync(
    join(installed.home, 'site.yml'),
    `- hosts: all
  tasks:
    - copy: {dest: '${installed.home}/made', content: '{{inventory_hostname}}'}
`,
  );
  const local = ['-i', 'here,', '-e', 'xrun_connection=local'];
  expect(installed.xrun('--version')).toEqual(fine(new RegExp(`^${version}\n$`)));
  expect(installed.xrun('site.yml', ...local)).toEqual(fine(/here .*changed=1 .*failed=0/));
  expect(readFileSync(join(installed.home, 'made'), 'utf8')).toBe('here');
  expect(installed.xrun('exec', 'all', ...local, '--', 'echo it works')).toEqual(fine(/it works/));
  const { stdout } = installed.xrun('schema', 'playbook');
  expect(JSON.parse(stdout)).toHaveProperty('$schema');
  expect(installed.xrun('modules', 'copy')).toEqual(fine(/dest/));
});

test('the commands of docs/tutorial/first-ten-minutes.md do what it shows', () => {
  putCommand(installed.folder, join(package_, 'bin/xrun.cjs'));
  const page = readFileSync(join(root, 'docs/tutorial/first-ten-minutes.md'), 'utf8');
  const done = installed.follow(stepsOf(blocksOf(page)));
  expect(done.length).toBeGreaterThan(20);
  for (const { shown, printed } of done)
    expect(steady(printed), `$ ${shown.command}  (line ${shown.line})`).toBe(steady(shown.output));
});

test('its playbooks come with all that they need', () => {
  const books = readdirSync(join(package_, 'playbooks')).filter((name) => name.endsWith('.yml'));
  expect(books.length).toBeGreaterThan(10);
  expect(
    installed.xrun(
      'validate',
      ...books.map((name) => join(package_, 'playbooks', name)),
      '-i',
      join(package_, 'inventory/prod.yml'),
    ),
  ).toMatchObject({ code: 0 });
});

test('nothing in it leads back to where it was made, and nothing runs when it is installed', () => {
  const files = readdirSync(package_, { recursive: true, encoding: 'utf8' })
    .map((file) => join(package_, file))
    .filter((file) => statSync(file).isFile());
  expect(files.filter((file) => readFileSync(file).includes(root))).toEqual([]);
  expect(files.filter((file) => /\/(test|lab|runner|node_modules)\//.test(file.slice(package_.length)))).toEqual([]);
  const { scripts } = JSON.parse(readFileSync(join(package_, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
});

const MODULE = `import { defineModule, path, sh, tame, z } from 'xrun/module';

const args = z.strictObject({
  path: path.describe('The file that says hello.'),
  name: z.string().regex(/^\\w+$/, 'expected a word').describe('To whom.'),
});

export default defineModule({
  name: 'greeting',
  summary: 'Keep a greeting in a file',
  examples: "- greeting: {path: /etc/motd, name: world}",
  args,
  resource: ({ path }) => \`file:\${path}\`,
  probe: ({ path }) => tame(sh\`if [ -e \${path} ]; then cat \${path}; fi\`),
  parse: ({ stdout }) => ({ text: stdout.trim() }),
  decide({ path, name }, { text }) {
    const after = \`hello \${name}\`;
    if (text === after) return { kind: 'ok' };
    return { kind: 'change', diff: [{ what: path, before: text, after }], steps: [{ do: 'run', script: sh\`echo \${after} >\${path}\` }], after: { text: after } };
  },
  prove: true,
});
`;

const CASES = `- {case: create, args: {path: /m, name: you}, probe: {stdout: ''}, expect: change, steps: ["echo 'hello you' >/m"]}
- {case: right, args: {path: /m, name: you}, probe: {stdout: "hello you\\n"}, expect: ok}
- {case: invalid, args: {path: /m, name: two words}, expect: invalid, error: expected a word}
`;

const TESTS = `import test from 'node:test';
import { moduleCases, readCases } from 'xrun/testing';
import greeting from './greeting.mjs';

for (const { title, run } of moduleCases(greeting, readCases(new URL('cases.yml', import.meta.url)))) test(title, run);
`;

test('a module of few lines is written and tested with nothing but the package', () => {
  const folder = join(installed.folder, 'own');
  mkdirSync(folder);
  for (const [name, text] of Object.entries({
    'greeting.mjs': MODULE,
    'cases.yml': CASES,
    'wrong.yml': CASES.replace('hello you', 'hello me'),
    'greeting.test.mjs': TESTS,
  }))
    writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, 'wrong.test.mjs'), TESTS.replace('cases.yml', 'wrong.yml'));
  expect(installed.node(['--test', 'greeting.test.mjs'], folder)).toEqual(fine(/pass 3\n/));
  expect(installed.node(['--test', 'wrong.test.mjs'], folder)).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/pass 2\n.*fail 1\n/s) as string,
  });
});

test('modules and helpers in TypeScript beside a playbook are used as those of xrun', () => {
  const project = join(installed.home, 'project');
  for (const folder of ['', 'modules', 'helpers']) mkdirSync(join(project, folder));
  const helper = `import { defineHelper } from 'xrun/helper';
    const loud = (text: unknown): string => String(text).toUpperCase();
    export default defineHelper({ name: 'shout', args: 'text', summary: 'Loud', example: { template: '{{shout "a"}}', result: 'A' }, run: ([text]) => loud(text) });`;
  const task = (name: string) =>
    `- hosts: all\n  gather_facts: false\n  tasks:\n    - greeting: {path: motd, name: ${name}}\n      when: shout('a') == 'A'\n`;
  writeFileSync(
    join(project, 'modules/greeting.ts'),
    `interface Said { text: string }\n${MODULE.replace('({ stdout })', '({ stdout }): Said')}`,
  );
  writeFileSync(join(project, 'helpers/shout.ts'), helper);
  writeFileSync(join(project, 'right.yml'), task(`"{{shout 'you'}}"`).replace('motd', join(installed.home, 'motd')));
  writeFileSync(join(project, 'wrong.yml'), task(`"{{shout 'you' 2}}"`));
  const run = (...more: string[]) =>
    installed.xrun('project/right.yml', '-i', 'here,', '-e', 'xrun_connection=local', ...more);
  expect(run('--check', '--diff')).toEqual(fine(/motd: hello YOU\n.*changed=1/s));
  expect(run()).toEqual(fine(/changed=1/));
  expect(run()).toEqual(fine(/ok=1 changed=0/));
  expect(installed.xrun('validate', 'project/wrong.yml')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('shout expects 1 argument, found 2') as string,
  });
});

describe('examples/plugin', () => {
  const example = join(root, 'examples/plugin');

  test('its own tests pass with the package', () => {
    const copy = join(installed.folder, 'example');
    cpSync(example, copy, { recursive: true });
    expect(installed.node(['--test'], copy)).toEqual(fine(/pass 9\n/));
  });

  test('packed and installed, it gives a project its module, its helper and its reporter', () => {
    installed.add(example);
    const project = join(installed.folder, 'shop');
    const app = join(installed.home, 'app');
    mkdirSync(project);
    writeFileSync(join(project, 'xrun.config.yml'), "plugins: [xrun-acme]\ninventory: 'here,'\n");
    writeFileSync(
      join(project, 'site.yml'),
      `- hosts: all
  gather_facts: false
  vars: {xrun_connection: local, version: 1.4.2}
  tasks:
    - file: {path: '${app}/releases/{{version}}', state: directory}
    - acme_release: {path: '${app}', version: '{{version}}'}
      when: acmeMajor(version) == 1
`,
    );
    const xrun = (...args: string[]) => installed.node([join(package_, 'bin/xrun.cjs'), ...args], project);
    expect(xrun('modules', 'acme_release')).toEqual(fine(/The directory of the application/));
    expect(xrun('site.yml', '-o', 'dots')).toEqual(fine(/^\+\+\n$/));
    expect(xrun('site.yml')).toEqual(fine(/ok=2 changed=0/));
    expect(xrun('site.yml', '-e', 'version=1.5', '-o', 'dot')).toMatchObject({
      code: 2,
      stderr: "error[E_OUTPUT_KIND]: there is no output 'dot'\n  hint: Did you mean 'dots'?\n",
    });
  });
});

test('a program runs playbooks by the package, and gets its events and its errors', () => {
  writeFileSync(
    join(installed.home, 'one.yml'),
    '- {hosts: all, gather_facts: false, tasks: [{name: One, command: echo it}]}\n',
  );
  const program = `
    import { XrunError, load, run, describe } from 'xrun';
    const request = { playbooks: ['one.yml'], inventories: ['here,'], extraVars: [{ xrun_connection: 'local' }], cwd: process.cwd() };
    const events = [];
    const { plays, groups } = await load(request);
    const { failed, stats } = await run({ ...request, env: process.env, reporters: [{ on: ({ type }) => events.push(type) }] });
    const error = await run({ ...request, playbooks: ['two.yml'], reporters: [] }).catch((e) => e);
    const { modules } = await describe();
    console.log(JSON.stringify({ tasks: plays[0].tasks.map(({ name }) => name), all: groups.all, failed, changed: stats.here.changed, events, code: error instanceof XrunError && error.code, copy: modules.some(({ name }) => name === 'copy') }));`;
  writeFileSync(join(installed.folder, 'program.mjs'), program);
  const { stdout, stderr } = installed.node([join(installed.folder, 'program.mjs')]);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    tasks: ['One'],
    all: ['here'],
    failed: false,
    changed: 1,
    events: ['run_start', 'play_start', 'task_start', 'host_start', 'output', 'task_end', 'task_done', 'run_end'],
    code: 'E_FILE',
    copy: true,
  });
});

test('the entry points have types, and nothing else of the package can be imported', () => {
  const folder = join(installed.folder, 'typed');
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'good.ts'),
    `import { run } from 'xrun';\nimport type { Event } from 'xrun/reporter';\n${MODULE.replace('hello ${name}', 'hello ${name.trim()}')}\nexport const all: [typeof run, Event['type']] = [run, 'run_end'];\n`,
  );
  writeFileSync(join(folder, 'wrong.ts'), MODULE.replace("kind: 'ok'", "kind: 'fine'"));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const types = [
    '--noEmit',
    '--strict',
    '--target',
    'es2023',
    '--module',
    'nodenext',
    '--typeRoots',
    join(root, 'node_modules/@types'),
    '--types',
    'node',
  ];
  const { stdout } = installed.node([tsc, ...types, 'good.ts', 'wrong.ts'], folder);
  expect(stdout).toContain('\'"fine"\' is not assignable');
  expect([...stdout.matchAll(/^\S+\.ts(?=\()/gm)].map(([file]) => file)).toEqual(['wrong.ts']);
  expect(installed.node(['--input-type=module', '-e', "await import('xrun/dist/cli.cjs')"], folder).stderr).toContain(
    'ERR_PACKAGE_PATH_NOT_EXPORTED',
  );
});

test.each(['0.12.18', '4.9.1', '18.20.8', '20.18.3'])('Node %s is refused in one sentence', (node) => {
  expect(startedBy(node)).toEqual({
    code: 2,
    stderr: `xrun needs Node.js 20.19 or later, and this is Node.js ${node}: install a newer one from https://nodejs.org\n`,
    required: [],
  });
});

test.each(['20.19.0', '22.0.0', '24.1.0', '100.0.0'])('Node %s is not', (node) => {
  expect(startedBy(node)).toEqual({ stderr: '', required: ['./start.cjs'] });
});

/** What the first file does in a Node of this version, which it can tell by nothing else. */
function startedBy(node: string) {
  const did: { code?: number; stderr: string; required: string[] } = { stderr: '', required: [] };
  const process = {
    versions: { node },
    stderr: { write: (text: string) => (did.stderr += text) },
    exit: (code: number) => (did.code = code),
  };
  vm.runInNewContext(readFileSync(join(package_, 'bin/xrun.cjs'), 'utf8').replace(/^#!.*/, ''), {
    process,
    require: (name: string) => did.required.push(name),
  });
  return did;
}
