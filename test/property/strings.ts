import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { numbersFrom } from '../fuzz/inputs.ts';
import type { Playground } from '../support/playground.ts';
import { anyName, anyString, quoted } from '../support/strings.ts';

/** Strings that travel together: a step for each of them would make a few hundred take minutes. */
const WIDTH = 16;
/** Between the strings of a pack, where something takes one text only. */
const MARK = '\n=of the same pack=\n';
const each = (text: (n: number) => string, between: string) =>
  Array.from({ length: WIDTH }, (_, n) => text(n)).join(between);

/** Every road that strings may take to a file on the host. */
const playbook = `
- hosts: all
  vars: {mark: ${JSON.stringify(MARK)}}
  tasks:
    - {name: copied, copy: {content: "{{join item mark}}", dest: "{{playbook_dir}}/copied/{{n}}"}, loop: "{{packs}}", loop_control: &quiet {index_var: n, label: "{{n}}"}}
    - {name: within, copy: {content: "<{{join item mark}}>", dest: "{{playbook_dir}}/within/{{n}}"}, loop: "{{packs}}", loop_control: *quiet}
    - {name: rendered, template: {src: words.hbs, dest: "{{playbook_dir}}/rendered/{{n}}"}, loop: "{{packs}}", loop_control: *quiet}
    - name: arguments
      command: {argv: [sh, -c, 'to=$1; shift; printf "%s\\0" "$@" > "$to"', sh, "{{playbook_dir}}/arguments/{{n}}", ${each((n) => `"{{nth item ${n}}}"`, ', ')}]}
      loop: "{{packs}}"
      loop_control: *quiet
    - name: environment
      shell: printf '%s\\0' ${each((n) => `"$WORD${n}"`, ' ')} > "$DEST"
      environment: {DEST: "{{playbook_dir}}/environment/{{n}}", ${each((n) => `WORD${n}: "{{nth item ${n}}}"`, ', ')}}
      loop: "{{packs}}"
      loop_control: *quiet
    - {name: input, command: {argv: [tee, "{{playbook_dir}}/input/{{n}}"], stdin: "{{join item mark}}", stdin_add_newline: false}, loop: "{{packs}}", loop_control: *quiet}
    - {name: quoted, shell: "printf '%s\\\\0' {{#each item}}{{quote this}} {{/each}}> {{playbook_dir}}/quoted/{{n}}", loop: "{{packs}}", loop_control: *quiet}
    - {name: named, copy: {content: "{{n}}", dest: "{{playbook_dir}}/named/{{item}}"}, loop: "{{names}}", loop_control: *quiet}
`;
const joined = (pack: string[]) => pack.join(MARK);
const words = (pack: string[]) => pack.map((text) => `${text}\0`).join('');

/** What a pack is on each road's end. */
const roads: Record<string, (pack: string[]) => string> = {
  copied: joined,
  within: (pack) => `<${joined(pack)}>`,
  rendered: joined,
  arguments: words,
  environment: words,
  input: joined,
  quoted: words,
};

/**
 * Sends so many strings, in packs, and a name of a file for each pack from the inventory to the playground's host, and
 * compares what arrived byte for byte.
 */
export async function sendStrings(ground: Pick<Playground, 'dir' | 'run'>, count: number, seed: number): Promise<void> {
  const random = numbersFrom(seed);
  const packs = Array.from({ length: Math.ceil(count / WIDTH) }, () =>
    Array.from({ length: WIDTH }, () => anyString(random)),
  );
  const names = [...new Set(packs.map(() => anyName(random)))];
  const written = (text: string) => `!unsafe ${quoted(text, random() < 0.5)}`;
  await mkdir(join(ground.dir, 'group_vars'), { recursive: true });
  const list = (values: string[]) => values.map((value) => `  - ${value}\n`).join('');
  await writeFile(
    join(ground.dir, 'group_vars/all.yml'),
    `packs:\n${list(packs.map((pack) => `[${pack.map(written).join(', ')}]`))}names:\n${list(names.map(written))}`,
  );
  await mkdir(join(ground.dir, 'templates'), { recursive: true });
  await writeFile(
    join(ground.dir, 'templates/words.hbs'),
    '{{#each item}}{{#unless @first}}{{@root.mark}}{{/unless}}{{this}}{{/each}}',
  );
  await writeFile(join(ground.dir, 'site.yml'), playbook);
  for (const road of [...Object.keys(roads), 'named']) await mkdir(join(ground.dir, road));

  const { summary, events } = await ground.run();
  const problems = events.flatMap((e) =>
    e.type === 'task_end' && e.error ? [`${e.task} ${e.item}: ${e.error.message}`] : [],
  );
  expect(problems).toEqual([]);
  expect(summary.failed).toBe(false);
  const found = async (road: string, name: string) => (await readFile(join(ground.dir, road, name))).toString('hex');
  const hex = (text: string) => Buffer.from(text).toString('hex');
  for (const [i, pack] of packs.entries()) {
    for (const [road, end] of Object.entries(roads))
      expect(await found(road, String(i)), `${road} of ${JSON.stringify(pack)}, seed ${seed}`).toBe(hex(end(pack)));
  }
  expect((await readdir(join(ground.dir, 'named'))).sort(), `seed ${seed}`).toEqual([...names].sort());
  for (const [i, name] of names.entries()) expect(await found('named', name), `seed ${seed}`).toBe(hex(String(i)));
}

/** How many strings: some hundreds in each test run, more by XRUN_PROPERTY_CASES; then the seed is another one each time. */
export function amount(usual: number): { count: number; seed: number } {
  const wanted = Number(process.env.XRUN_PROPERTY_CASES ?? 0);
  return wanted > 0
    ? { count: wanted, seed: Number(process.env.XRUN_PROPERTY_SEED ?? Date.now() % 1_000_000) }
    : { count: usual, seed: 7 };
}
