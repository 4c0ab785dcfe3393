import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';

const ROLES = 'playbooks/roles';
const roles = readdirSync(ROLES).sort();

/** The names and values of a role's file of variables; none where it has no such file. */
function variables(role: string, part: 'defaults' | 'vars'): Record<string, unknown> {
  const file = join(ROLES, role, part, 'main.yml');
  return existsSync(file) ? ((load(readFileSync(file, 'utf8')) as Record<string, unknown> | undefined) ?? {}) : {};
}

/** Which role gives a variable its default. */
const homes = roles.flatMap((role) => Object.keys(variables(role, 'defaults')).map((name) => ({ name, role })));

/** Playbooks, tasks, variables and templates, with what they say. */
const texts = ['playbooks', 'templates'].flatMap((dir) =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(yml|hbs)$/.test(file))
    .map((file) => ({ file: join(dir, file), text: readFileSync(join(dir, file), 'utf8') })),
);

describe("defaults of this project's playbooks", () => {
  test('stand in one role each', () => {
    const names = homes.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('are not said again where they are read', () => {
    const known = new Set(homes.map(({ name }) => name));
    const again = texts.flatMap(({ file, text }) =>
      [...text.matchAll(/\bdefault[ (](\w+)[ ,]/g), ...text.matchAll(/\bdefined[ (](\w+)\b/g)]
        .filter(([, name = '']) => known.has(name))
        .map(([said]) => `${file}: ${said}`),
    );
    expect(again).toEqual([]);
  });

  test('can be overridden: no role has a variable of the same name, which is stronger than an inventory', () => {
    const fixed = homes.filter(({ name, role }) => Object.hasOwn(variables(role, 'vars'), name));
    expect(fixed).toEqual([]);
  });
});

test('thin playbooks: what is done on hosts stands in roles', () => {
  const playbooks = readdirSync('playbooks').filter((file) => file.endsWith('.yml'));
  const allowed =
    /^(import_role|import_playbook|name|when|block|vars|hosts|tasks|serial|any_errors_fatal|gather_facts|roles|post_tasks)$/;
  const keys = (value: unknown): string[] => {
    if (Array.isArray(value)) return value.flatMap(keys);
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) =>
      /^(tasks|block)$/.test(key) ? [key, ...keys(inner)] : [key],
    );
  };
  const other = playbooks.flatMap((file) =>
    keys(load(readFileSync(join('playbooks', file), 'utf8')))
      .filter((key) => !allowed.test(key))
      .map((key) => `${file}: ${key}`),
  );
  expect(other).toEqual([]);
});
