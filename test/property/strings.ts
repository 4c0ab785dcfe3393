import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { numbersFrom } from '../fuzz/inputs.ts';
import type { Playground } from '../support/playground.ts';
import { anyName, anyString, quoted } from '../support/strings.ts';

/** Every road that a string may take to a file on the host. */
const playbook = `
- hosts: all
  tasks:
    - {name: copied, copy: {content: "{{item}}", dest: "{{playbook_dir}}/copied/{{n}}"}, loop: "{{strings}}", loop_control: &quiet {index_var: n, label: "{{n}}"}}
    - {name: within, copy: {content: "<{{item}}>", dest: "{{playbook_dir}}/within/{{n}}"}, loop: "{{strings}}", loop_control: *quiet}
    - {name: rendered, template: {src: word.hbs, dest: "{{playbook_dir}}/rendered/{{n}}"}, loop: "{{strings}}", loop_control: *quiet}
    - name: argument
      command: {argv: [sh, -c, 'printf %s "$1" > "$2"', sh, "{{item}}", "{{playbook_dir}}/argument/{{n}}"]}
      loop: "{{strings}}"
      loop_control: *quiet
    - name: environment
      shell: printf %s "$WORD" > "$DEST"
      environment: {WORD: "{{item}}", DEST: "{{playbook_dir}}/environment/{{n}}"}
      loop: "{{strings}}"
      loop_control: *quiet
    - {name: input, command: {argv: [tee, "{{playbook_dir}}/input/{{n}}"], stdin: "{{item}}", stdin_add_newline: false}, loop: "{{strings}}", loop_control: *quiet}
    - {name: quoted, shell: "printf %s {{quote item}} > {{playbook_dir}}/quoted/{{n}}", loop: "{{strings}}", loop_control: *quiet}
    - {name: named, copy: {content: "{{n}}", dest: "{{playbook_dir}}/named/{{item}}"}, loop: "{{names}}", loop_control: *quiet}
`;
const roads = ['copied', 'within', 'rendered', 'argument', 'environment', 'input', 'quoted', 'named'];

/** Sends so many strings from the inventory to the playground's host, and compares what arrived byte for byte. */
export async function sendStrings(ground: Pick<Playground, 'dir' | 'run'>, count: number, seed: number): Promise<void> {
  const random = numbersFrom(seed);
  const strings = Array.from({ length: count }, () => anyString(random));
  const names = [...new Set(Array.from({ length: count }, () => anyName(random)))];
  const list = (name: string, values: string[]) => `${name}:\n${values.map((value) => `  - !unsafe ${quoted(value, random() < 0.5)}\n`).join('')}`;
  await mkdir(join(ground.dir, 'group_vars'), { recursive: true });
  await writeFile(join(ground.dir, 'group_vars/all.yml'), list('strings', strings) + list('names', names));
  await mkdir(join(ground.dir, 'templates'), { recursive: true });
  await writeFile(join(ground.dir, 'templates/word.hbs'), '{{item}}');
  await writeFile(join(ground.dir, 'site.yml'), playbook);
  for (const road of roads) await mkdir(join(ground.dir, road));

  const { summary, events } = await ground.run();
  const problems = events.flatMap((e) => (e.type === 'task_end' && e.error ? [`${e.task} ${e.item}: ${e.error.message}`] : []));
  expect(problems).toEqual([]);
  expect(summary.failed).toBe(false);
  const found = async (road: string, name: string) => (await readFile(join(ground.dir, road, name))).toString('hex');
  const hex = (text: string) => Buffer.from(text).toString('hex');
  for (const [i, text] of strings.entries()) {
    for (const road of roads.slice(0, -1)) expect(await found(road, String(i)), `${road} of ${JSON.stringify(text)}, seed ${seed}`).toBe(hex(road === 'within' ? `<${text}>` : text));
  }
  expect((await readdir(join(ground.dir, 'named'))).sort(), `seed ${seed}`).toEqual([...names].sort());
  for (const [i, name] of names.entries()) expect(await found('named', name), `seed ${seed}`).toBe(hex(String(i)));
}

/** How many strings: a few in each test run, more by XRUN_PROPERTY_CASES; then the seed is another one each time. */
export function amount(usual: number): { count: number; seed: number } {
  const wanted = Number(process.env.XRUN_PROPERTY_CASES ?? 0);
  return wanted > 0 ? { count: wanted, seed: Number(process.env.XRUN_PROPERTY_SEED ?? Date.now() % 1_000_000) } : { count: usual, seed: 7 };
}
