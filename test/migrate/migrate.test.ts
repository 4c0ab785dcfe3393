import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadYaml } from '../../runner/language/yaml/load.ts';
import { planMigration } from '../../runner/migrate/migrate.ts';
import { writeInPlace, writeTo } from '../../runner/migrate/write.ts';

interface Case {
  case: string;
  before: Record<string, string>;
  after: Record<string, string>;
  remarks?: string[];
}

const judged = new Map([['assert', new Set(['that'])]]);
const cases = loadYaml(readFileSync('test/cases/migrate/projects.yml', 'utf8'), 'projects.yml').value as Case[];
let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'xrun-migrate-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function project(files: Record<string, string>): string {
  const root = join(directory, 'project');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

/** The messages of remarks and the texts of helpers are not what these tests are about. */
function withoutMessages(name: string, text: string): string {
  return name.startsWith('helpers/') ? 'HELPER' : text.replaceAll(/(# xrun migrate: \w+) .*/g, '$1 REMARK');
}

test.each(cases.map((each) => [each.case, each] as const))('%s', (_name, { before, after, remarks = [] }) => {
  const root = project(before);
  const plan = planMigration(root, judged);
  expect(
    Object.fromEntries(plan.changes.map((change) => [change.name, withoutMessages(change.name, change.after)])),
  ).toEqual(after);
  expect(plan.remarks.map(({ code, at }) => `${code} ${at.file}:${at.line}`)).toEqual(remarks);
  writeInPlace(plan);
  expect(planMigration(root, judged).changes).toEqual([]);
});

test('links are not followed, and are links in the new directory', () => {
  writeFileSync(join(directory, 'outside.yml'), 'a: "{{ b | upper }}"\n');
  const root = project({ 'vars/main.yml': 'a: 1\n' });
  symlinkSync('../../outside.yml', join(root, 'vars/link.yml'));
  const plan = planMigration(root, judged);
  expect(plan).toMatchObject({ links: ['vars/link.yml'], changes: [] });
  writeTo(plan, join(directory, 'to'));
  expect(readFileSync(join(directory, 'to/vars/main.yml'), 'utf8')).toBe('a: 1\n');
});

test('a new directory must be empty and outside', () => {
  const plan = planMigration(project({ 'vars/main.yml': 'a: 1\n' }), judged);
  expect(() => writeTo(plan, join(plan.root, 'to'))).toThrow('lies in the project');
  expect(() => writeTo(plan, directory)).toThrow('is not empty');
});

test('a template does not replace another file', () => {
  const plan = planMigration(project({ 'templates/a.j2': 'x\n', 'templates/a.hbs': 'other\n' }), judged);
  expect(() => writeInPlace(plan)).toThrow('exists already');
});

test('nothing is written through a link of the project', () => {
  const root = project({
    'site.yml': '- hosts: all\n  tasks:\n    - debug: {msg: "{{ \'a\' | shout }}"}\n',
    'filter_plugins/shout.py': "class FilterModule:\n    def filters(self):\n        return {'shout': shout}\n",
  });
  mkdirSync(join(directory, 'outside'));
  symlinkSync('../outside', join(root, 'helpers'));
  const plan = planMigration(root, judged);
  expect(plan.helpers).toHaveLength(1);
  expect(() => writeInPlace(plan)).toThrow('through the symbolic link helpers');
  expect(() => writeTo(plan, join(directory, 'to'))).toThrow('through the symbolic link helpers');
  expect(readdirSync(join(directory, 'outside'))).toEqual([]);
});
