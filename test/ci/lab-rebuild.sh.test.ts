import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rebuild } from './rebuild.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'xrun-rebuild-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** A lab of one host, which is this machine; its state is a file. */
const lab = () => ({
  RELEASES: 'bookworm',
  PLAYBOOKS: join(folder, 'site.yml'),
  LAB_UP: `echo up >>${folder}/log; echo 'all: {hosts: {here: {xrun_connection: local}}}' >"$INVENTORY"`,
  LAB_DOWN: `echo down >>${folder}/log; rm -f ${folder}/made`,
});

/** A playbook that makes a file with this content. */
const playbook = (content: string) =>
  writeFileSync(
    join(folder, 'site.yml'),
    `- hosts: all
  gather_facts: false
  vars: {state: present}
  tasks:
    - copy: {dest: ${folder}/made, content: "${content}"}
      when: state == "present"
    - file: {path: ${folder}/made, state: absent}
      when: state == "absent"
`,
  );

test('a lab is made, set up, proved to be settled, and taken down; the reports are kept', () => {
  playbook('it');
  const { code, output, reports } = rebuild(folder, lab());
  expect(code, output).toBe(0);
  const steps = ['1-run', '2-again', '3-check', '4-absent'];
  expect(reports).toEqual([
    ...steps.flatMap((step) => ['html', 'jsonl', 'xml'].map((kind) => `bookworm-site-${step}.${kind}`)),
    'bookworm.yml',
  ]);
  expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('down\nup\ndown\n');
});

test('a playbook that never settles is found, and its lab is taken down all the same', () => {
  playbook('{{random 100000000}}');
  const { code, output, reports } = rebuild(folder, lab());
  expect({ code, noted: reports.includes('failed.txt') }, output).toEqual({ code: 1, noted: true });
  expect(readFileSync(join(folder, 'reports/failed.txt'), 'utf8')).toBe(
    'bookworm-site-2-again: exit code 3, expected 0\n',
  );
  expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('down\nup\ndown\n');
});

test('a lab that cannot be made is a failure, not a lab without errors', () => {
  playbook('it');
  expect(rebuild(folder, { ...lab(), LAB_UP: 'false' })).toMatchObject({ code: 1, reports: [] });
});
