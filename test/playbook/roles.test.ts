import { describe, expect, test } from 'vitest';
import { loadInclude } from '../../runner/playbook/include.ts';
import { loadPlaybook } from '../../runner/playbook/load.ts';
import type { Block, Include, Task } from '../../runner/model/playbook.ts';
import { load, loadPlay, optionsFor, project } from './project.ts';

const role = (name: string, files: Record<string, string>) =>
  Object.fromEntries(Object.entries(files).map(([file, text]) => [`roles/${name}/${file}`, text]));

const web = role('web', {
  'defaults/main.yml': 'port: 80\n',
  'vars/main.yml': 'user: www\n',
  'tasks/main.yml': '- command: web\n  notify: reload\n',
  'tasks/extra.yaml': '- command: extra\n',
  'handlers/main.yml': '- name: reload\n  command: reload\n',
  'meta/main.yml': 'dependencies:\n  - role: base\n    level: 3\n',
});
const base = role('base', { 'tasks/main.yml': '- command: base\n', 'defaults/main.yml': 'level: 1\n' });

const commands = (tasks: readonly unknown[]) => tasks.map((task) => (task as Task).args.cmd);

describe('roles of a play', () => {
  test('bring tasks, dependencies first, handlers, defaults and variables', async () => {
    const play = await loadPlay(
      '- hosts: all\n  roles: [web]\n  tasks: [{command: own}]\n  handlers: [{name: own, command: h}]\n',
      { ...web, ...base },
    );
    expect(commands(play.tasks)).toEqual(['base', 'web', 'own']);
    expect(play.handlers.map(({ name }) => name?.value)).toEqual(['reload', 'own']);
    expect(play.roleDefaults).toEqual([
      { origin: 'role base defaults', vars: { level: 1 } },
      { origin: 'role web defaults', vars: { port: 80 } },
    ]);
    expect(play.vars).toEqual([{ origin: 'role web vars', vars: { user: 'www' } }]);
    const [first, second] = play.tasks as Task[];
    expect(first?.role).toMatchObject({ name: 'base', parents: ['web'] });
    expect(first?.vars).toEqual([{ origin: 'role base parameters', vars: { level: 3 } }]);
    expect(second?.role).toMatchObject({
      name: 'web',
      parents: [],
      defaults: [{ vars: { level: 1 } }, { vars: { port: 80 } }],
    });
    expect(second?.vars).toEqual([{ origin: 'role web vars', vars: { user: 'www' } }]);
  });

  test('what its argument_specs say of the file of tasks is checked first, without defaults and words for people', async () => {
    const spec =
      'short_description: A server\n    options:\n      port: {type: int, required: true, default: "{{ jinja | x }}"}\n';
    const files = role('fit', {
      'meta/argument_specs.yml': `argument_specs:\n  extra:\n    ${spec}`,
      'tasks/main.yml': '- command: main\n',
      'tasks/extra.yml': '- command: extra\n',
    });
    const text = (more: string) => `- hosts: all\n  tasks:\n    - import_role: {name: fit${more}}\n`;
    const { tasks } = await loadPlay(text(', tasks_from: extra'), files);
    const [first, second] = tasks as Task[];
    expect(first?.name?.value).toBe("Validating arguments against arg spec 'extra' - A server");
    expect(first?.at).toMatchObject({ file: 'roles/fit/meta/argument_specs.yml', line: 3 });
    expect(first?.tags).toEqual(['always']);
    expect(first?.args).toEqual({
      argument_spec: { port: { type: 'int', required: true } },
      provided_arguments: { port: '{{ternary (defined port) port omit}}' },
    });
    expect(commands([second])).toEqual(['extra']);
    expect(commands((await loadPlay(text(''), files)).tasks)).toEqual(['main']);
    const without = await loadPlay(text(', tasks_from: extra, rolespec_validate: false'), files);
    expect(commands(without.tasks)).toEqual(['extra']);
  });

  test("keywords of the entry are its tasks', all other keys parameters", async () => {
    const play = await loadPlay(
      '- hosts: all\n  roles:\n    - {role: base, tags: t, when: c, become: true, port: 81, vars: {x: 1}}\n',
      base,
    );
    const [task] = play.tasks as Task[];
    expect(task?.tags).toEqual(['t']);
    expect(task?.when.map(({ source }) => source)).toEqual(['c']);
    expect(task?.become?.value).toBe(true);
    expect(task?.vars.map(({ vars }) => vars)).toEqual([{ x: 1 }, { port: 81 }]);
  });

  test('a role with the same parameters is for hosts on which it has not run, with others it runs again', async () => {
    const text = '- hosts: all\n  roles: [base, base, {role: base, level: 2}, {role: base, level: 2}]\n';
    const { tasks } = await loadPlay(text, base);
    expect(
      tasks.map((node) =>
        node.kind === 'block' ? `unless ran: ${commands(node.block).join()}` : commands([node]).join(),
      ),
    ).toEqual(['base', 'unless ran: base', 'base', 'unless ran: base']);
    const [first, second] = tasks as [Task, Block];
    expect(second.unlessRan).toBe(first.role?.key);
    const twice = { ...base, 'roles/base/meta/main.yml': 'allow_duplicates: true\n' };
    expect(commands((await loadPlay(text, twice)).tasks)).toHaveLength(4);
  });

  test("are found beside the playbook's directory too", async () => {
    const dir = await project({ ...base, 'playbooks/site.yml': '- hosts: all\n  roles: [base]\n' });
    const { plays } = await loadPlaybook('playbooks/site.yml', optionsFor(dir));
    expect(commands(plays[0]?.tasks ?? [])).toEqual(['base']);
  });
});

describe('import_role and import_tasks', () => {
  test('stand where they are written, and may run again', async () => {
    const play = await loadPlay(
      `
- hosts: all
  tasks:
    - command: one
    - import_role: {name: web, tasks_from: extra}
      tags: x
      vars: {v: 1}
    - import_tasks: more.yml
      when: c
    - import_role: name=base
    - import_role: name=base
`,
      { ...web, ...base, 'more.yml': '- command: more\n' },
    );
    expect(commands(play.tasks)).toEqual(['one', 'base', 'extra', 'more', 'base', 'base']);
    const extra = play.tasks[2] as Task;
    expect(extra.tags).toEqual(['x']);
    expect(extra.vars.map(({ vars }) => vars)).toEqual([{ user: 'www' }, { v: 1 }]);
    expect((play.tasks[3] as Task).when.map(({ source }) => source)).toEqual(['c']);
    expect(play.handlers).toHaveLength(1);
  });

  test('files of tasks are looked for beside the file that names them', async () => {
    const files = { 'tasks/a.yml': '- import_tasks: b.yml\n', 'tasks/b.yml': '- command: b\n' };
    expect(commands((await loadPlay('- hosts: all\n  tasks: [{import_tasks: tasks/a.yml}]\n', files)).tasks)).toEqual([
      'b',
    ]);
  });
});

describe('includes', () => {
  const text = `
- hosts: all
  become: true
  tasks:
    - block:
        - include_tasks: {file: "{{ item }}.yml", apply: {tags: applied, become_user: app}}
          loop: [a, b]
          when: c
          tags: own
          vars: {v: include}
      vars: {v: block}
      tags: block
      rescue: []
    - include_role: {name: web, tasks_from: extra}
`;

  test('wait until they are reached', async () => {
    const play = await loadPlay(text, { ...web, ...base });
    expect(play.tasks[0]).toMatchObject({
      kind: 'include',
      what: 'tasks',
      target: { value: '{{ item }}.yml' },
      tags: ['block', 'own'],
      loop: { loopVar: 'item' },
    });
    expect(play.tasks[1]).toMatchObject({
      kind: 'include',
      what: 'role',
      target: { value: 'web' },
      tasksFrom: { value: 'extra' },
    });
  });

  test('their tasks get what stands around the include and apply, not its own keywords, but its variables', async () => {
    const dir = await project({ 'playbook.yml': text, 'a.yml': '- command: a\n', ...web, ...base });
    const { plays } = await loadPlaybook('playbook.yml', optionsFor(dir));
    const { tasks } = await loadInclude(plays[0]?.tasks[0] as Include, 'a.yml', optionsFor(dir));
    const [task] = tasks as Task[];
    expect(task?.tags).toEqual(['block', 'applied']);
    expect(task?.when).toEqual([]);
    expect(task?.become?.value).toBe(true);
    expect(task?.becomeUser?.value).toBe('app');
    expect(task?.vars.map(({ vars }) => vars)).toEqual([{ v: 'block' }, { v: 'include' }]);
  });

  test('a role brings handlers, defaults and variables', async () => {
    const dir = await project({ 'playbook.yml': text, ...web, ...base });
    const { plays } = await loadPlaybook('playbook.yml', optionsFor(dir));
    const include = plays[0]?.tasks[1] as Include;
    const included = await loadInclude(include, 'web', optionsFor(dir));
    // What it depends on is for hosts on which that has not run yet.
    const [dependency, ...own] = included.tasks;
    expect(dependency).toMatchObject({ kind: 'block', unlessRan: expect.stringContaining('base') as string });
    expect(commands((dependency as Block).block)).toEqual(['base']);
    expect(commands(own)).toEqual(['extra']);
    expect(included.handlers.map(({ name }) => name?.value)).toEqual(['reload']);
    expect(included.defaults.map(({ vars }) => vars)).toContainEqual({ port: 80 });
    expect(included.vars.map(({ vars }) => vars)).toEqual([{ user: 'www' }]);
    const again = await loadInclude(include, 'web', { ...optionsFor(dir), tasksFrom: 'main' });
    expect(commands(again.tasks.slice(1))).toEqual(['web']);
  });

  test('tasks of a role find their files in the role', async () => {
    const files = role('r', { 'tasks/main.yml': '- include_tasks: sub.yml\n', 'tasks/sub.yml': '- command: sub\n' });
    const dir = await project({ 'playbook.yml': '- hosts: all\n  roles: [r]\n', ...files });
    const { plays } = await loadPlaybook('playbook.yml', optionsFor(dir));
    const { tasks } = await loadInclude(plays[0]?.tasks[0] as Include, 'sub.yml', optionsFor(dir));
    expect(tasks[0]).toMatchObject({ args: { cmd: 'sub' }, role: { name: 'r' } });
  });
});

test('import_playbook gives its variables, tags and conditions to every play', async () => {
  const { plays } = await load(
    `
- import_playbook: one.yml
  vars: {v: outer}
  tags: t
  when: c
- hosts: all
`,
    {
      'one.yml': '- import_playbook: two.yml\n  vars: {v: inner, w: 1}\n- hosts: db\n  vars: {v: play}\n',
      'two.yml': '- hosts: web\n  tasks: [{command: x}]\n',
    },
  );
  expect(plays.map(({ hosts }) => hosts.value)).toEqual(['web', 'db', 'all']);
  expect(plays[0]?.vars.map(({ vars }) => vars)).toEqual([{ v: 'inner', w: 1 }, { v: 'outer' }]);
  expect(plays[1]?.vars.map(({ vars }) => vars)).toEqual([{ v: 'play' }, { v: 'outer' }]);
  expect(plays[0]?.tasks[0]).toMatchObject({ tags: ['t'], when: [{ source: 'c' }] });
  expect(plays[2]?.tags).toEqual([]);
});

test('handlers listen, and may be includes', async () => {
  const { handlers } = await loadPlay(
    '- hosts: all\n  handlers:\n    - {name: a, listen: [x, y], command: c}\n    - {name: b, listen: x, include_tasks: b.yml}\n',
  );
  expect(handlers).toMatchObject([
    { kind: 'task', listen: ['x', 'y'] },
    { kind: 'include', listen: ['x'] },
  ]);
});
