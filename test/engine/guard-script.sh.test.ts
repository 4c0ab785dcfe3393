import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepOverBoot } from '../../runner/engine/guard/boot.ts';
import { endChange } from '../../runner/engine/guard/rollback.ts';
import { applyScript, compileStep } from '../../runner/engine/guard/script.ts';
import { snapshotScript } from '../../runner/engine/guard/snapshot.ts';
import type { Step } from '../../runner/model/module.ts';
import { raw } from '../../runner/model/script.ts';
import { playground } from '../support/playground.ts';

/** A busy machine needs longer than the second that is the default. */
const PATIENTLY = { timeout: 20_000, interval: 20 };

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'guard-'));
  writeFileSync(join(dir, 'rollback.sh'), 'echo rolled-back > state');
});
afterEach(() => rmSync(dir, { recursive: true }));

/** Runs the steps as a guarded change does; returns the state it leaves. */
function apply(...steps: Step[]): string {
  const compiled = steps.map((step, i) => {
    const staged = join(dir, `staged-${i}`);
    if (step.do === 'put' && Buffer.isBuffer(step.file.content)) writeFileSync(staged, step.file.content);
    return { task: i, text: compileStep(step, staged)! };
  });
  writeFileSync(join(dir, 'apply.sh'), applyScript(dir, compiled));
  try {
    execFileSync('sh', [join(dir, 'apply.sh')], { stdio: 'ignore' });
  } catch {
    // Its state says what became of it.
  }
  return readFileSync(join(dir, 'state'), 'utf8').trim();
}

const run = (text: string): Step => ({ do: 'run', script: raw(text) });

test('a step that is no shell text rolls back what was done before it', () => {
  expect(apply(run(`echo done > ${dir}/first`), run(') ; echo ('))).toBe('rolled-back');
  expect(readFileSync(join(dir, 'first'), 'utf8')).toBe('done\n');
});

test('a step that closes its parenthesis ends nothing but itself', () => {
  expect(apply(run('true\n) >/dev/null; exit 0\n('), run(`echo done > ${dir}/second`))).toBe('rolled-back');
  expect(readdirSync(dir)).not.toContain('second');
});

test('a file is placed whole, with its mode, and leaves nothing beside it', () => {
  const path = join(dir, 'new/file');
  const content = Buffer.from('one\nXRUN_BOOT\n\x01');
  expect(apply({ do: 'put', file: { path, content, mode: '0640' } })).toBe('applied');
  expect(readFileSync(path)).toEqual(content);
  expect(readdirSync(join(dir, 'new'))).toEqual(['file']);
});

test('before anything is taken back, the step that runs is ended, and what it was writing beside a file is gone', async () => {
  const path = join(dir, 'new/file');
  // A step that no TERM ends, in the middle of placing a file.
  const validate = raw(`trap '' TERM; : > ${dir}/begun; while :; do sleep 0.01; done`);
  const compiled = [
    {
      task: 0,
      text: compileStep({ do: 'put', file: { path, content: Buffer.from('x'), validate } }, join(dir, 'staged'))!,
    },
  ];
  writeFileSync(join(dir, 'staged'), 'x');
  writeFileSync(join(dir, 'apply.sh'), applyScript(dir, compiled));
  mkdirSync(join(dir, 'files'));
  writeFileSync(join(dir, 'files/list'), `1 always ${path}\n`);
  const change = spawn('sh', [join(dir, 'apply.sh')], { detached: true, stdio: 'ignore' });
  const ended = new Promise((resolve) => change.on('close', (_, signal) => resolve(signal)));
  await expect.poll(() => existsSync(join(dir, 'begun')), PATIENTLY).toBe(true);
  expect(readdirSync(join(dir, 'new'))).toEqual([expect.stringMatching(/^\.xrun-/)]);
  const noUnits = endChange('ab12')
    .replaceAll('/run/systemd/system', '/no/such')
    .replaceAll('/run/xrun-guard-ab12', dir);
  execFileSync('sh', ['-c', `sleep() { :; }\n${noUnits}\nend_change`], { cwd: dir });
  expect(await ended).toMatch(/TERM|KILL/);
  expect(readdirSync(join(dir, 'new'))).toEqual([]);
});

test('no script of a guard has a text with a fixed end in it', () => {
  for (const text of [keepOverBoot('ab12'), snapshotScript('/run/x', ['/etc/hosts']).text]) {
    expect(text).not.toMatch(/<</);
    execFileSync('sh', ['-n'], { input: text });
  }
});

test('a task of which it cannot be decided before the block what it does is an error, and nothing is done', async () => {
  const tasks = [
    { name: 'first', copy: { dest: '{{playbook_dir}}/first', content: 'x' } },
    { name: 'second', copy: { dest: '{{playbook_dir}}/not/there', content: 'x' } },
  ];
  const ground = await playground({
    'site.yml': JSON.stringify([
      {
        hosts: 'h1',
        gather_facts: false,
        tasks: [{ guarded: { timeout: 60, confirm: [{ command: 'true' }] }, block: tasks }],
      },
    ]),
  });
  const { events, ends } = await ground.run();
  expect(ends).toEqual(expect.arrayContaining(['h1 first: skipped', 'h1 second: failed']));
  expect(events.find((event) => event.type === 'task_end' && event.task === 'second')).toMatchObject({
    error: {
      code: 'E_GUARDED',
      message: expect.stringMatching(
        /cannot be decided before the guarded block begins: the directory .*\/not does not exist/,
      ),
    },
  });
  expect(readdirSync(ground.dir)).not.toContain('first');
  await ground.clean();
});
