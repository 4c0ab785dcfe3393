import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadYaml } from '../../runner/yaml/load.ts';
import { codeFrame } from '../../runner/report/code-frame.ts';
import { line, project, validate } from './project.ts';

/** A playbook with mistakes, and what is told about them: code, line:column-end and message. */
interface Malformed {
  name: string;
  text: string;
  files?: Record<string, string>;
  variables?: string[];
  tags?: string[];
  expect: string[];
}

const folder = join(import.meta.dirname, '../cases/playbook/malformed');
const files = readdirSync(folder).map((file) => {
  const { value } = loadYaml(readFileSync(join(folder, file), 'utf8'), file);
  return { file, cases: value as Malformed[] };
});

test('there are a hundred cases', () => {
  expect(files.flatMap(({ cases }) => cases).length).toBeGreaterThanOrEqual(100);
});

describe.each(files)('$file', ({ cases }) => {
  test.each(cases)('$name', async ({ text, files: beside = {}, variables, tags, expect: wanted }) => {
    const all: Record<string, string> = { ...beside, 'playbook.yml': text };
    const dir = await project(all);
    const { errors } = await validate(dir, { ...(variables && { variables }), ...(tags && { tags }) });
    expect(errors.map(line)).toEqual(wanted);
    for (const { at } of errors) if (at) expect(codeFrame(all[at.file] ?? '', at, { color: false })).toContain('^');
  });
});
