import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
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

test('its playbooks come with all that they need', () => {
  const books = readdirSync(join(package_, 'playbooks')).filter((name) => name.endsWith('.yml'));
  expect(books.length).toBeGreaterThan(10);
  expect(installed.xrun('validate', ...books.map((name) => join(package_, 'playbooks', name)), '-i', join(package_, 'inventory/prod.yml'))).toMatchObject({ code: 0 });
});

test('nothing in it leads back to where it was made, and nothing runs when it is installed', () => {
  const files = readdirSync(package_, { recursive: true, encoding: 'utf8' }).map((file) => join(package_, file)).filter((file) => statSync(file).isFile());
  expect(files.filter((file) => readFileSync(file).includes(root))).toEqual([]);
  expect(files.filter((file) => /\/(test|lab|runner|node_modules)\//.test(file.slice(package_.length)))).toEqual([]);
  const { scripts } = JSON.parse(readFileSync(join(package_, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
});

test.each(['0.12.18', '4.9.1', '18.20.8', '20.18.3'])('Node %s is refused in one sentence', (node) => {
  expect(startedBy(node)).toEqual({ code: 2, stderr: `xrun needs Node.js 20.19 or later, and this is Node.js ${node}: install a newer one from https://nodejs.org\n`, required: [] });
});

test.each(['20.19.0', '22.0.0', '24.1.0', '100.0.0'])('Node %s is not', (node) => {
  expect(startedBy(node)).toEqual({ stderr: '', required: ['./start.cjs'] });
});

/** What the first file does in a Node of this version, which it can tell by nothing else. */
function startedBy(node: string) {
  const did: { code?: number; stderr: string; required: string[] } = { stderr: '', required: [] };
  const process = { versions: { node }, stderr: { write: (text: string) => (did.stderr += text) }, exit: (code: number) => (did.code = code) };
  vm.runInNewContext(readFileSync(join(package_, 'bin/xrun.cjs'), 'utf8').replace(/^#!.*/, ''), { process, require: (name: string) => did.required.push(name) });
  return did;
}
