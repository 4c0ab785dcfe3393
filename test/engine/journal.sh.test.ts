import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KilledRuns } from '../support/killed.ts';
import { playground } from '../support/playground.ts';
import type { Playground } from '../support/playground.ts';

/** A task that changes once and notifies, then one that fails while there is a file. */
const SITE = `
- hosts: all
  gather_facts: false
  tasks:
    - copy: {dest: "{{playbook_dir}}/made-{{inventory_hostname}}", content: x}
      notify: later
    - command: test ! -e {{playbook_dir}}/stop
      changed_when: false
  handlers:
    - name: later
      command: touch {{playbook_dir}}/done-{{inventory_hostname}}
`;

let ground: Playground;
beforeEach(async () => {
  ground = await playground({ 'site.yml': SITE, stop: '' });
});
afterEach(() => ground.clean());

const files = (prefix: string, dir = ground.dir) =>
  readdirSync(dir)
    .filter((name) => name.startsWith(prefix))
    .sort();
const go = () => execFileSync('rm', ['-f', join(ground.dir, 'stop')]);
const state = () => join(ground.dir, '.xrun');
const warnings = (played: Awaited<ReturnType<Playground['run']>>) =>
  played.events.flatMap((e) => (e.type === 'warning' ? [e.message] : []));

test('a run that fails owes its handlers; the next one runs them from any directory, and leaves nothing behind', async () => {
  await ground.run();
  expect(files('owed-', state())).toHaveLength(1);
  expect(readFileSync(join(state(), '.gitignore'), 'utf8')).toBe('*\n');
  go();
  const elsewhere = await ground.run({
    cwd: '/',
    playbooks: [join(ground.dir, 'site.yml')],
    inventories: [join(ground.dir, 'inventory.yml')],
  });
  expect(warnings(elsewhere)).toEqual([]);
  expect(files('done-')).toEqual(['done-h1', 'done-h2']);
  expect(files('owed-', state())).toEqual([]);
});

test('a check neither reads nor pays what is owed', async () => {
  await ground.run();
  go();
  await ground.run({ check: true });
  expect(files('owed-', state())).toHaveLength(1);
  await ground.run({ limit: 'h1' });
  expect(files('done-')).toEqual(['done-h1']);
  await ground.run();
  expect(files('done-'), 'what another host owes stays owed').toEqual(['done-h1', 'done-h2']);
});

test('two runs at once keep what each owes', async () => {
  await Promise.all([ground.run({ limit: 'h1' }), ground.run({ limit: 'h2' })]);
  expect(files('owed-', state())).toHaveLength(2);
  go();
  await ground.run();
  expect(files('done-')).toEqual(['done-h1', 'done-h2']);
});

test.each([
  ['empty', () => '', 'is empty'],
  ['cut off in a line', (text: string) => text.slice(0, -10), ''],
  ['damaged in its first line', (text: string) => `{"owes"${text.slice(20)}`, ':1 is damaged'],
  ['no journal at all', () => 'null\n[1]\n"x"\n{}\n', ':1 is damaged'],
])('a file that is %s is a warning at most', async (_what, damage, warning) => {
  await ground.run({ limit: 'h1' });
  const [name = ''] = files('owed-', state());
  const file = join(state(), name);
  writeFileSync(file, damage(readFileSync(file, 'utf8')));
  go();
  const played = await ground.run();
  expect(played.summary.failed).toBe(false);
  if (warning) expect(warnings(played).join('\n')).toContain(warning);
  else expect(warnings(played)).toEqual([]);
});

test('where nothing can be written the run warns, goes on and ends with its recap', async () => {
  writeFileSync(join(ground.dir, 'taken'), '');
  const played = await ground.run({ env: { XRUN_STATE_DIR: join(ground.dir, 'taken') } });
  expect(warnings(played).join('\n')).toContain('cannot be recorded');
  expect(played.events.at(-1)?.type).toBe('run_end');
  expect(files('made-')).toEqual(['made-h1', 'made-h2']);
});

test('XRUN_STATE_DIR is where state goes, and the state directory of XDG where the playbook’s cannot be written', async () => {
  const own = join(ground.dir, 'own');
  await ground.run({ env: { XRUN_STATE_DIR: own } });
  expect(files('owed-', own)).toHaveLength(1);
  expect(files('.xrun')).toEqual([]);
  writeFileSync(state(), 'a file in its place');
  execFileSync('sh', ['-c', 'rm -f "$1"/made-*', 'sh', ground.dir]);
  await ground.run({ env: { XDG_STATE_HOME: join(ground.dir, 'xdg') } });
  expect(files('owed-', join(ground.dir, 'xdg/xrun'))).toHaveLength(1);
});

test('a handler that is there no more stays owed, and a warning names it', async () => {
  await ground.run({ limit: 'h1' });
  go();
  writeFileSync(join(ground.dir, 'site.yml'), SITE.replaceAll('later', 'renamed'));
  const played = await ground.run({ limit: 'h1' });
  expect(warnings(played).join('\n')).toContain("owes h1 the handler 'later'");
  expect(files('owed-', state())).toHaveLength(1);
});

test('a handler of a role that is included while the play runs is owed and run as well', async () => {
  const dir = join(ground.dir, 'roles/r');
  for (const part of ['tasks', 'handlers']) mkdirSync(join(dir, part), { recursive: true });
  writeFileSync(
    join(dir, 'tasks/main.yml'),
    '- copy: {dest: "{{playbook_dir}}/made", content: x}\n  notify: deep\n- command: test ! -e {{playbook_dir}}/stop\n  changed_when: false\n',
  );
  writeFileSync(join(dir, 'handlers/main.yml'), '- name: deep\n  command: touch {{playbook_dir}}/done-deep\n');
  writeFileSync(
    join(ground.dir, 'site.yml'),
    '- hosts: h1\n  gather_facts: false\n  tasks:\n    - include_role: {name: r}\n',
  );
  await ground.run();
  go();
  await ground.run();
  expect(files('done-')).toEqual(['done-deep']);
});

describe('killed', () => {
  test('a run that is killed at any moment owes the handlers of what it changed', async () => {
    const runs = await KilledRuns.start();
    try {
      const pace = await runs.pace();
      for (const share of [0.3, 0.5, 0.6, 0.7, 0.8, 0.9])
        expect(await runs.round(Math.round(share * pace))).toEqual([]);
      expect(await runs.owed()).toEqual([]);
    } finally {
      await runs.clean();
    }
  });
});
