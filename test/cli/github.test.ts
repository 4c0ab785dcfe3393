import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { world } from './world.ts';

const files = {
  'repository/ops/inv.yml': 'all: {vars: {xrun_connection: local}, hosts: {h1: {}, h2: {}}}\n',
  'repository/ops/bad.yml': '- hosts: all\n  taskz: []\n- hosts: all\n  tasks:\n    - debgu: {}\n',
  'repository/ops/site.yml':
    '- hosts: all\n  gather_facts: false\n  tasks:\n    - {name: Never, fail: {msg: broken}}\n',
};

/** A job of GitHub's, whose step works in `ops` of the repository. */
function job() {
  const { dir, xrun } = world(files);
  const summary = path.join(dir, 'summary.md');
  writeFileSync(summary, '# of an earlier step\n');
  const env = {
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: path.join(dir, 'repository'),
    GITHUB_STEP_SUMMARY: summary,
  };
  return { summary: () => readFileSync(summary, 'utf8'), xrun: (...argv: string[]) => xrun(argv, { env }) };
}

const annotations = (text: string) => text.split('\n').filter((line) => line.startsWith('::error'));

test.each(['run', 'validate'])('errors of a playbook are annotations of its lines: %s', async (command) => {
  const { code, stderr } = await job().xrun(command, 'repository/ops/bad.yml', '-i', 'repository/ops/inv.yml');
  expect(code).toBe(2);
  expect(annotations(stderr).map((line) => line.split('::')[1])).toEqual([
    'error file=ops/bad.yml,line=2,col=3',
    'error file=ops/bad.yml,line=5,col=7',
  ]);
});

test('a failure is one annotation, and the summary comes after those of earlier steps', async () => {
  const { summary, xrun } = job();
  const { code, stdout } = await xrun('repository/ops/site.yml', '-i', 'repository/ops/inv.yml');
  expect(code).toBe(1);
  expect(annotations(stdout)).toEqual(['::error file=ops/site.yml,line=4,col=7::h1, h2: Never%0Abroken']);
  expect(summary()).toMatch(/^# of an earlier step\n### ops\/site\.yml\n\n0 hosts ok, 2 failed: h1, h2 /);
});
