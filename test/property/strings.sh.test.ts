import { expect, test } from 'vitest';
import { playground } from '../support/playground.ts';
import { amount, sendStrings } from './strings.ts';

test('any string comes from the inventory through templates and modules to the host, byte for byte', async () => {
  const ground = await playground({}, { h1: {} });
  try {
    const { count, seed } = amount(320);
    await sendStrings(ground, count, seed);
  } finally {
    await ground.clean();
  }
}, 3_600_000);

test('a NUL is refused by a typed error, wherever a command cannot take it', async () => {
  const ground = await playground(
    {
      'group_vars/all.yml': 'nul: "a\\0b"\n',
      'site.yml': `
- hosts: all
  tasks:
    - {name: argument, command: {argv: [printf, "{{nul}}"]}, ignore_errors: true}
    - {name: shell, shell: "printf {{nul}}", ignore_errors: true}
    - {name: environment, command: 'true', environment: {WORD: "{{nul}}"}, ignore_errors: true}
    - {name: file name, copy: {content: x, dest: "{{playbook_dir}}/{{nul}}"}, ignore_errors: true}
    - {name: directory, command: {cmd: 'true', chdir: "{{nul}}"}, ignore_errors: true}
`,
    },
    { h1: {} },
  );
  try {
    const { events } = await ground.run();
    const ends = events.flatMap((e) => (e.type === 'task_end' ? [`${e.task}: ${e.status} ${e.error?.code}`] : []));
    expect(ends).toEqual(
      ['argument', 'shell', 'environment', 'file name', 'directory'].map((name) => `${name}: ignored E_ARGUMENT`),
    );
  } finally {
    await ground.clean();
  }
});
