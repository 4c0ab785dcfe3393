import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';

/** Keys under which tasks stand. */
const NESTED = ['tasks', 'pre_tasks', 'post_tasks', 'handlers', 'block', 'rescue', 'always', 'confirm', 'guarded'];
type Keys = Record<string, unknown>;

/** All tasks of a playbook or of a list of tasks, with those in blocks; a block's variables are its tasks' too. */
function tasksOf(value: unknown, outer: Keys = {}): Keys[] {
  if (Array.isArray(value)) return value.flatMap((one) => tasksOf(one, outer));
  if (typeof value !== 'object' || value === null) return [];
  const task = value as Keys;
  const vars = { ...outer, ...(task['vars'] as Keys | undefined) };
  return [{ ...task, vars }, ...NESTED.flatMap((key) => tasksOf(task[key], vars))];
}

/** The texts of a task that a shell reads. */
function shellTexts(task: Keys): string[] {
  const given = [task['shell'], task['command']].flatMap((value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? [(value as Keys)['cmd'], (value as Keys)['check']]
      : [value],
  );
  return given.filter((text) => typeof text === 'string');
}

/** The templates of a text that a shell would read as code: neither quoted, nor a variable of the task that is quoted or fixed. */
function unquoted(text: string, vars: Keys = {}): string[] {
  return [...text.matchAll(/(?<!\\)\{\{(.*?)\}\}/g)]
    .map((match) => (match[1] ?? '').trim())
    .filter((expression) => {
      if (/^(quote |#|\/|else$|!)/.test(expression)) return false;
      const value = vars[expression];
      // `{{'{{.Id}}'}}` is a fixed text.
      if (typeof value === 'string' && /^\{\{'[^']*'\}\}$/.test(value)) return false;
      return typeof value === 'string' && !value.includes(`{{${expression}}}`)
        ? unquoted(value, vars).length > 0
        : true;
    });
}

/** Paths of the files below a directory that end so. */
const filesOf = (dir: string, end: string) =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(end))
    .map((file) => join(dir, file));

describe('no text of a host or a user becomes code of a shell', () => {
  test.each(filesOf('playbooks', '.yml'))('%s', (file) => {
    const found = tasksOf(load(readFileSync(file, 'utf8'))).flatMap((task) =>
      shellTexts(task).flatMap((text) => unquoted(text, task['vars'] as Keys)),
    );
    expect(found).toEqual([]);
  });

  test.each(['templates', 'playbooks'].flatMap((dir) => filesOf(dir, '.sh.hbs')))('%s', (file) => {
    expect(unquoted(readFileSync(file, 'utf8'))).toEqual([]);
  });

  test('a template that is not quoted is found, in a check and in a variable too', () => {
    const tasks = tasksOf([
      {
        block: [
          {
            shell: { cmd: 'echo {{quote a}} {{b}}', check: '[ {{c}} ] && {{d}}' },
            vars: { c: '{{quote x}}', d: 'ls {{y}}' },
          },
        ],
      },
    ]);
    expect(tasks.flatMap((task) => shellTexts(task).flatMap((text) => unquoted(text, task['vars'] as Keys)))).toEqual([
      'b',
      'd',
    ]);
  });
});
