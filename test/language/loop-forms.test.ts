import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { errorOf, renderer, scope } from './scene.ts';

const items = (form: string, terms: unknown) => renderer.loopItems(form, terms, scope());

describe('what with_FORM loops over', () => {
  test.each([
    ['items', [[1, [2]], 3], [1, [2], 3]],
    ['items', 'one', ['one']],
    ['list', [[1]], [[1]]],
    ['dict', { a: 1 }, [{ key: 'a', value: 1 }]],
    ['flattened', [[1, [2, [3]]]], [1, 2, 3]],
    [
      'indexed_items',
      ['a', 'b'],
      [
        [0, 'a'],
        [1, 'b'],
      ],
    ],
    [
      'together',
      [[1, 2], ['x']],
      [
        [1, 'x'],
        [2, null],
      ],
    ],
    [
      'nested',
      [[1, 2], ['x']],
      [
        [1, 'x'],
        [2, 'x'],
      ],
    ],
    ['subelements', [[{ k: ['a'] }], 'k'], [[{ k: ['a'] }, 'a']]],
    ['subelements', [[{}, { k: ['a'] }], 'k', { skip_missing: true }], [[{ k: ['a'] }, 'a']]],
    ['sequence', 'start=1 end=3 format=web%02d', ['web01', 'web02', 'web03']],
    ['sequence', 'count=2', ['1', '2']],
    ['sequence', { start: 6, end: 2, stride: -2 }, ['6', '4', '2']],
    ['random_choice', ['a'], ['a']],
  ])('%s: %j', (form, terms, result) => {
    expect(items(form, terms)).toEqual(result);
  });

  test.each([
    ['first_found', ['/no/such'], 'E_LOOP nowhere with_first_found finds none of /no/such'],
    ['sequence', 'end=x', "E_LOOP nowhere with_sequence expects start=, end= or count=, and stride=, found 'end=x'"],
    ['nested', [1], 'E_LOOP nowhere with_nested expects a list, found number'],
  ])('%s: %j is refused', (form, terms, error) => {
    expect(errorOf(() => items(form, terms))).toBe(error);
  });

  test('files are looked for in the folders of the role', () => {
    const role = mkdtempSync(join(tmpdir(), 'xrun-'));
    onTestFinished(() => rmSync(role, { recursive: true }));
    for (const folder of ['files', 'vars']) mkdirSync(join(role, folder));
    for (const name of ['files/a.conf', 'files/b.conf', 'vars/Debian.yml']) writeFileSync(join(role, name), name);
    const found = (form: string, terms: unknown) =>
      renderer
        .loopItems(form, terms, scope().with({ playbook_dir: role }))
        .map((file) => String(file).slice(role.length + 1));
    expect(found('fileglob', ['*.conf'])).toEqual(['files/a.conf', 'files/b.conf']);
    expect(found('first_found', ['Ubuntu.yml', 'Debian.yml'])).toEqual(['vars/Debian.yml']);
    expect(found('first_found', [{ files: ['x.yml', 'Debian.yml'], paths: ['../vars'] }])).toEqual(['vars/Debian.yml']);
    expect(found('first_found', [{ files: ['x.yml'], skip: true }])).toEqual([]);
  });
});
