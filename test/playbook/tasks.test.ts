import { describe, expect, test } from 'vitest';
import { positionOf } from '../../runner/language/yaml/positions.ts';
import type { Block, Task } from '../../runner/model/playbook.ts';
import { loadPlay } from './project.ts';

const taskOf = async (text: string) =>
  (await loadPlay(`- hosts: all\n  tasks:\n    - ${text.trim().replaceAll('\n', '\n      ')}\n`)).tasks[0] as Task;

describe('arguments', () => {
  test.each([
    ['a mapping', 'copy: {content: x, dest: /b}', { content: 'x', dest: '/b' }],
    ['one line', `copy: content="x y" dest='/b c' mode=0644`, { content: 'x y', dest: '/b c', mode: '0644' }],
    [
      'templates with blanks in one line',
      'copy: content={{ a }} dest=/tmp/{{ join b "," }}/x',
      { content: '{{ a }}', dest: '/tmp/{{ join b "," }}/x' },
    ],
    ['a free form', 'command: ls -l "a b"', { cmd: 'ls -l "a b"' }],
    [
      'a free form with arguments',
      'command: creates=/x ls -l chdir="/a b"',
      { creates: '/x', chdir: '/a b', cmd: 'ls -l' },
    ],
    [
      'a free form in which other words have equal signs',
      "shell: X=1 make CC=gcc it's",
      { cmd: "X=1 make CC=gcc it's" },
    ],
    ['args', 'command: ls\nargs: {chdir: /x}', { cmd: 'ls', chdir: '/x' }],
    ['action on one line', 'action: command ls -l', { cmd: 'ls -l' }],
    ['action as a mapping', 'action: {module: copy, content: x, dest: /b}', { content: 'x', dest: '/b' }],
    ["a collection's name", 'ansible.builtin.copy: {content: x, dest: /b}', { content: 'x', dest: '/b' }],
    [
      'another name of an argument, as in Ansible',
      'known_hosts: {host: a, state: absent}',
      { name: 'a', state: 'absent' },
    ],
    ['any variables', 'set_fact: {a: 1, b: [2]}', { a: 1, b: [2] }],
    ['none', 'ping:', {}],
    ['meta', 'meta: flush_handlers', { action: 'flush_handlers' }],
  ])('by %s', async (_how, text, args) => {
    expect((await taskOf(text)).args).toEqual(args);
  });

  test('local_action runs on the controller', async () => {
    const task = await taskOf('local_action: command ls');
    expect(task).toMatchObject({ module: 'command', args: { cmd: 'ls' }, delegateTo: { value: 'localhost' } });
  });

  test("defaults by module come below the task's own, outer ones below inner", async () => {
    const play = await loadPlay(`
- hosts: all
  module_defaults:
    copy: {owner: root, mode: '0600'}
  tasks:
    - module_defaults: {ansible.builtin.copy: {mode: '0640'}}
      block:
        - copy: {content: x, dest: /b, owner: me}
`);
    expect((play.tasks[0] as Task).args).toEqual({ content: 'x', dest: '/b', owner: 'me', mode: '0640' });
  });

  test('every argument keeps its place', async () => {
    const task = await taskOf(`copy: content=x dest="/b c"\nargs:\n  mode: '0644'`);
    expect(positionOf(task.args, 'content')).toMatchObject({ line: 3, col: 21, endCol: 22 });
    expect(positionOf(task.args, 'dest', 'key')).toMatchObject({ line: 3, col: 23, endCol: 27 });
    expect(positionOf(task.args, 'dest')).toMatchObject({ line: 3, col: 29, endCol: 33 });
    expect(positionOf(task.args, 'mode')).toMatchObject({ line: 5, col: 15 });
    const renamed = await taskOf('known_hosts: {host: a, state: absent}');
    expect(positionOf(renamed.args, 'name', 'key')).toMatchObject({ line: 3, col: 21, endCol: 25 });
  });
});

describe('loops', () => {
  test.each([
    ['loop: [1, 2]', { items: { value: [1, 2] }, loopVar: 'item' }],
    ['loop: {a: 1}', { items: { value: { a: 1 } }, loopVar: 'item' }],
    ['with_dict: "{{ users }}"', { items: { value: '{{ users }}' }, loopVar: 'item' }],
    ['with_items: [[1], 2]', { items: { value: [[1], 2] }, form: 'items' }],
    ['with_items: one', { items: { value: 'one' }, form: 'items' }],
    [
      'loop: "{{ x }}"\nloop_control: {loop_var: x, index_var: i, label: "{{ x.name }}", pause: 2}',
      { loopVar: 'x', indexVar: 'i', label: { value: '{{ x.name }}' }, pause: { value: 2 } },
    ],
  ])('%s', async (loop, wanted) => {
    expect((await taskOf(`ping:\n${loop}`)).loop).toMatchObject(wanted);
  });
});

describe('what stands around a task', () => {
  const text = `
- hosts: all
  become: true
  remote_user: admin
  environment: {A: play}
  tags: p
  vars: {a: play}
  tasks:
    - block:
        - name: inner
          command: x
          become: false
          environment: {A: task}
          when: b
          tags: [t, p]
          vars: {a: task}
          notify: n2
      become_user: app
      environment: {A: block}
      when: [a, true]
      tags: one, two
      vars: {a: block}
      notify: n1
      rescue:
        - command: y
`;

  test('is merged down into it', async () => {
    const { tasks } = await loadPlay(
      `${text}  handlers:\n    - {name: n1, command: x}\n    - {name: n2, command: x}\n`,
    );
    const task = (tasks[0] as Block).block[0] as Task;
    expect(task.become?.value).toBe(false);
    expect(task.becomeUser?.value).toBe('app');
    expect(task.user?.value).toBe('admin');
    expect(task.environment.map(({ value }) => value)).toEqual([{ A: 'play' }, { A: 'block' }, { A: 'task' }]);
    expect(task.when.map(({ source }) => source)).toEqual(['a', true, 'b']);
    expect(task.tags).toEqual(['p', 'one', 'two', 't']);
    expect(task.vars.map(({ vars }) => vars.a)).toEqual(['block', 'task']);
    expect(task.notify.map(({ value }) => value)).toEqual(['n2']);
  });

  test('a block that only shares keywords is gone', async () => {
    const { tasks } = await loadPlay(
      '- hosts: all\n  tasks:\n    - block:\n        - ping:\n        - command: x\n      become: true\n',
    );
    expect(tasks.map(({ kind }) => kind)).toEqual(['task', 'task']);
    expect(tasks.map(({ become }) => become?.value)).toEqual([true, true]);
  });

  test('a block with a loop stays', async () => {
    const { tasks } = await loadPlay('- hosts: all\n  tasks:\n    - block:\n        - ping:\n      loop: [1]\n');
    expect(tasks[0]).toMatchObject({ kind: 'block', loop: { items: { value: [1] } } });
  });

  test('a guarded block has its own checks', async () => {
    const { tasks } = await loadPlay(`
- hosts: all
  tasks:
    - guarded: {timeout: 30, address: "{{ new }}", confirm: [{ping: }]}
      block:
        - command: x
`);
    expect((tasks[0] as Block).guarded).toMatchObject({
      timeout: { value: 30 },
      address: { value: '{{ new }}' },
      confirm: [{ module: 'ping' }],
    });
  });
});

describe('plays', () => {
  test('without keywords', async () => {
    expect(await loadPlay('- hosts: all\n')).toMatchObject({
      name: 'all',
      gatherFacts: 'auto',
      forceHandlers: false,
      allowEmpty: false,
      tasks: [],
    });
  });

  test('with all of them', async () => {
    const play = await loadPlay(
      `
- name: Site
  hosts: [web, "db:!old"]
  gather_facts: no
  strategy: free
  order: sorted
  serial: [1, 30%]
  max_fail_percentage: 20
  force_handlers: yes
  allow_empty: yes
  vars_prompt:
    - name: release
      prompt: Which?
      private: no
  vars_files: [a.yml, "{{ env }}.yml"]
`,
      { 'a.yml': 'x: 1\n' },
    );
    expect(play).toMatchObject({
      name: 'Site',
      hosts: { value: 'web:db:!old' },
      gatherFacts: false,
      strategy: { value: 'free' },
      order: { value: 'sorted' },
      serial: { value: [1, '30%'] },
      maxFailPercentage: { value: 20 },
      forceHandlers: true,
      allowEmpty: true,
      varsPrompt: [{ name: 'release', prompt: 'Which?', private: false, confirm: false }],
      vars: [{ origin: 'vars_files a.yml', vars: { x: 1 } }],
      varsFiles: [{ value: '{{ env }}.yml' }],
    });
  });

  test('the first file of a list that is there is read', async () => {
    const play = await loadPlay('- hosts: all\n  vars_files: [[nope.yml, b.yml]]\n', { 'vars/b.yml': 'x: 2\n' });
    expect(play.vars).toEqual([{ origin: 'vars_files vars/b.yml', vars: { x: 2 } }]);
  });
});

test('ids are unique and the same again', async () => {
  const text = '- hosts: all\n  tasks:\n    - import_tasks: a.yml\n    - import_tasks: a.yml\n    - ping:\n';
  const ids = async () => (await loadPlay(text, { 'a.yml': '- ping:\n' })).tasks.map(({ id }) => id);
  expect(await ids()).toEqual(['a.yml:1:3', 'a.yml:1:3#2', 'playbook.yml:5:7']);
  expect(await ids()).toEqual(await ids());
});
