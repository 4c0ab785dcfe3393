import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { validate } from '../../runner/api/index.ts';
import { loadYaml } from '../../runner/language/yaml/load.ts';
import { world } from '../cli/world.ts';
import { blocksOf } from './blocks.ts';
import { pages, textOf } from './pages.ts';

/** What is wrong with an example only because the rest of its project is not on the page. */
const ELSEWHERE = new Set(['E_UNDEFINED', 'E_LOCAL_FILE', 'E_FILE', 'E_HOSTS', 'E_NOTIFY', 'E_ROLE']);

/** What of xrun's an example is. Tasks are put into a play. */
interface Example {
  kind: 'playbook' | 'inventory' | 'other';
  text: string;
}

function exampleOf(text: string): Example {
  const value: unknown = loadYaml(text, 'block.yml').value;
  if (!Array.isArray(value))
    return { kind: Object.hasOwn((value ?? {}) as object, 'all') ? 'inventory' : 'other', text };
  const [first] = value as Record<string, unknown>[];
  if (first && 'case' in first) return { kind: 'other', text };
  if (first && ('hosts' in first || 'import_playbook' in first)) return { kind: 'playbook', text };
  return { kind: 'playbook', text: `- hosts: all\n  tasks:\n${text.replaceAll(/^(?=.)/gm, '    ')}` };
}

const examples = pages.flatMap((page) =>
  blocksOf(textOf(page))
    .filter(({ language }) => language === 'yaml')
    .map((block) => ({ at: `${page}:${block.line}`, block })),
);

test('the pages have examples in YAML', () => expect(examples.length).toBeGreaterThan(80));

const named = (kind: Example['kind']) =>
  examples.map(({ at, block }) => ({ at, ...exampleOf(block.text) })).filter((example) => example.kind === kind);

test('every example of a playbook or of tasks, those of modules too, is one that xrun accepts', async () => {
  const { dir } = world();
  const playbooks = named('playbook').map(({ at, text }) => {
    const file = `${at.replaceAll(/[/:]/g, '_')}.yml`;
    writeFileSync(join(dir, file), text);
    return file;
  });
  const { errors } = await validate({ playbooks, inventories: [], cwd: dir, extraVars: [] });
  expect(
    errors.filter(({ code }) => !ELSEWHERE.has(code)).map(({ code, message, at }) => ({ code, message, at })),
  ).toEqual([]);
});

test.each(named('inventory'))('$at: the inventory is one that xrun accepts', async ({ text }) => {
  const { dir } = world({ 'hosts.yml': text, 'site.yml': '- {hosts: all, tasks: []}\n' });
  expect(await validate({ playbooks: ['site.yml'], inventories: ['hosts.yml'], cwd: dir, extraVars: [] })).toEqual({
    errors: [],
    warnings: [],
  });
});
