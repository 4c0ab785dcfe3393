import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadYaml } from '../../runner/language/yaml/load.ts';
import { codeFrame } from '../../runner/reporters/text/code-frame.ts';
import { line, project, validate, validateWith } from './project.ts';

/**
 * A playbook with mistakes, and what is told about them: code, line:column-end and message. With `inventory.yml` among its
 * files it is checked as the command line does it.
 */
interface Malformed {
  name: string;
  text: string;
  files?: Record<string, string>;
  variables?: string[];
  tags?: string[];
  expect: string[];
  /** Where given, the hints of the errors, or the warnings, are compared too. */
  hints?: (string | null)[];
  warnings?: string[];
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
  test.each(cases)('$name', async ({ text, files: beside = {}, variables, tags, expect: wanted, ...more }) => {
    const all: Record<string, string> = { ...beside, 'playbook.yml': text };
    const dir = await project(all);
    const known = { ...(variables && { variables }), ...(tags && { tags }) };
    const { errors, warnings } =
      all['inventory.yml'] === undefined ? await validate(dir, known) : await validateWith(dir, 'inventory.yml');
    expect(errors.map(line)).toEqual(wanted);
    if (more.hints) expect(errors.map(({ hint = null }) => hint)).toEqual(more.hints);
    if (more.warnings) expect(warnings.map(line)).toEqual(more.warnings);
    for (const { at } of [...errors, ...warnings])
      if (at) expect(codeFrame(all[at.file] ?? '', at, { color: false })).toContain('^');
  });
});
