import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recursiveChange } from '../../runner/modules/files/tree/recursive.ts';
import { modesBelow } from '../../runner/modules/files/tree/modes.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'modes-'));
  mkdirSync(join(dir, 'tree/sub/empty'), { recursive: true });
  for (const name of ['a', 'b', 'c c', '.hidden', '..odd', '-n', 'new\nline', 'sub/x', 'sub/*'])
    writeFileSync(join(dir, 'tree', name), '', { mode: 0o600 });
  writeFileSync(join(dir, 'victim'), '', { mode: 0o600 });
  symlinkSync('../victim', join(dir, 'tree/link'));
  symlinkSync('..', join(dir, 'tree/out'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const SHELLS = [['dash'], ['bash', '--posix'], ['busybox', 'sh']];
const run = (shell: string[], text: string) =>
  spawnSync(shell[0]!, [...shell.slice(1), '-c', text], { encoding: 'utf8', cwd: '/' });
const modes = () =>
  execFileSync('find', ['.', '!', '-type', 'l', '-printf', '%m '], { cwd: join(dir, 'tree'), encoding: 'utf8' })
    .trim()
    .split(' ');

test.each(SHELLS)(
  'where others may write, each file and directory gets the mode, and what links lead to does not (%s)',
  (...shell) => {
    chmodSync(join(dir, 'tree/sub'), 0o777);
    if (process.getuid?.() === 0) chownSync(join(dir, 'tree'), 65534, 65534);
    expect(run(shell, modesBelow(join(dir, 'tree'), 'u=rwX,g=rX,o=').text)).toMatchObject({ status: 0, stderr: '' });
    expect(modes().toSorted()).toEqual([...Array<string>(9).fill('640'), ...Array<string>(3).fill('750')]);
    expect(statSync(join(dir, 'victim')).mode & 0o777).toBe(0o600);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
  },
);

test.each(SHELLS)('a file that becomes a link meanwhile, or another file, is not followed (%s)', (...shell) => {
  chmodSync(join(dir, 'tree'), 0o777);
  // At the moment at which the shell has looked, and opens: what a fast other user does.
  const swap = `rm -f ${dir}/tree/a; ln -s ../victim ${dir}/tree/a`;
  const text = modesBelow(join(dir, 'tree'), '0666').text.replace('_l=;_k=4\n', `_l=;_k=4\n${swap}\n`);
  const ran = run(shell, text);
  expect(ran.status).not.toBe(0);
  expect(ran.stderr).toContain('changed meanwhile');
  expect(statSync(join(dir, 'victim')).mode & 0o777).toBe(0o600);
});

test.each(SHELLS)('a directory that becomes a link meanwhile is not entered (%s)', (...shell) => {
  chmodSync(join(dir, 'tree'), 0o777);
  mkdirSync(join(dir, 'elsewhere'), { mode: 0o700 });
  linkSync(join(dir, 'victim'), join(dir, 'elsewhere/victim'));
  const swap = `rm -rf ${dir}/tree/sub; ln -s ../elsewhere ${dir}/tree/sub;`;
  const ran = run(shell, modesBelow(join(dir, 'tree'), '0777').text.replace('(cd -P "$_x"', `${swap}(cd -P "$_x"`));
  expect(ran.stderr).toContain(`${dir}/tree/sub changed meanwhile`);
  expect(ran.status).not.toBe(0);
  expect([statSync(join(dir, 'elsewhere')).mode & 0o777, statSync(join(dir, 'victim')).mode & 0o777]).toEqual([
    0o700, 0o600,
  ]);
});

test('a pipe is left as it is, and said', () => {
  chmodSync(join(dir, 'tree'), 0o777);
  execFileSync('sh', ['-c', 'mkfifo -m 600 "$1"', 'sh', join(dir, 'tree/sub/pipe')]);
  const ran = run(['dash'], modesBelow(join(dir, 'tree'), '0666').text);
  expect(ran.stderr).toContain(`${dir}/tree/sub/pipe is not a file`);
  expect(ran.status).not.toBe(0);
  chmodSync(join(dir, 'tree/sub/pipe'), 0o666);
  expect(run(['dash'], modesBelow(join(dir, 'tree'), '0666').text)).toMatchObject({ status: 0, stderr: '' });
});

test('a tree gets its modes before it is given away, and again where that clears set-id bits', () => {
  const steps = (mode: string, found: string) => {
    const tree = [{ name: './x', type: 'file' as const, mode: found, uid: 0, gid: 0, owner: 'root', group: 'root' }];
    return recursiveChange('/srv', { mode, owner: 'web' }, { type: 'directory', mode: '0755', tree }).steps.map(
      (step) => /chmod -R|chown -hR/.exec(step.do === 'run' ? step.script.text : '')?.[0],
    );
  };
  expect(steps('u=rwX', '0400')).toEqual(['chmod -R', 'chown -hR']);
  expect(steps('0644', '0644')).toEqual(['chown -hR']);
  expect(steps('g+r', '4755')).toEqual(['chown -hR', 'chmod -R']);
  expect(steps('4755', '0755')).toEqual(['chmod -R', 'chown -hR', 'chmod -R']);
});
