import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { putScript } from '../../runner/connection/files/put-script.ts';
import { quote, sh } from '../../runner/model/script.ts';
import { beside, HOLD, INTO, WAY } from '../../runner/connection/files/way.ts';

/** Not ours: the user that Debian keeps for nobody's files. */
const EVE = 65534;

describe.each(['dash', 'bash', 'busybox'])('%s', (shell) => {
  let base: string;
  let home: string;
  const run = (text: string, input = '') => {
    const { status, stdout, stderr } = spawnSync(shell, [...(shell === 'busybox' ? ['sh'] : []), '-c', text], {
      input,
      encoding: 'utf8',
    });
    return { rc: status, out: stdout, err: stderr };
  };
  const way = (path: string) =>
    run(`${WAY}\nif _way ${quote(path)};then echo "$_W";else echo "refused: $_why";fi`).out.trimEnd();

  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'xrun-way-')));
    chmodSync(base, 0o755);
    home = join(base, 'eve');
    mkdirSync(home);
    chownSync(home, EVE, EVE);
    mkdirSync(join(base, 'roots'), { mode: 0o755 });
    writeFileSync(join(base, 'roots/secret'), 'secret\n', { mode: 0o600 });
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  const link = (target: string, path: string, uid: number) => {
    symlinkSync(target, path);
    lchownSync(path, uid, uid);
  };

  test('a directory that somebody else makes at the same moment counts as there; what cannot be made is an error', () => {
    const made = join(base, 'a/b');
    const rival = 'mkdir() { command mkdir "$1"; command mkdir "$1"; }';
    expect(run(`${INTO}\n${rival}\n_make ${quote(made)} '' ''&&pwd`)).toEqual({ rc: 0, out: `${made}\n`, err: '' });
    expect(run(`${INTO}\nmkdir() { echo full >&2; return 1; }\n_make ${quote(join(base, 'c'))} '' ''`)).toEqual({
      rc: 1,
      out: '',
      err: 'full\n',
    });
  });

  test('follows links of root, whatever they lead to, and stays on the way', () => {
    link('roots', join(base, 'link'), 0);
    link('nowhere/x', join(home, 'dangling'), 0);
    expect(way(join(base, 'link/secret'))).toBe(join(base, 'roots/secret'));
    expect(way(join(base, 'link/../roots/./secret/'))).toBe(join(base, 'roots/secret'));
    expect(way(join(home, 'dangling'))).toBe(join(home, 'nowhere/x'));
    expect(way('/')).toBe('/');
  });

  test('follows a link of somebody else only where nobody else may write', () => {
    link('roots', join(base, 'given'), EVE);
    expect(way(join(base, 'given/secret'))).toBe(join(base, 'roots/secret'));
    link('../roots', join(home, 'made'), EVE);
    expect(way(join(home, 'made/secret'))).toMatch(
      new RegExp(
        `^refused: ${home}/made is a symbolic link made by user \\S+, in a directory that others than user root may write to: it is not followed$`,
      ),
    );
    chmodSync(base, 0o1777);
    expect(way(join(base, 'given/secret'))).toContain('refused: ');
  });

  test('ends in a circle of links', () => {
    link('b', join(base, 'a'), 0);
    link('a', join(base, 'b'), 0);
    expect(way(join(base, 'a'))).toContain('too many symbolic links');
  });

  test('names of several lines, with blanks and globs are found', () => {
    const odd = join(base, 'a *\nb\n');
    mkdirSync(odd);
    link(odd, join(base, 'to odd'), 0);
    expect(run(`${INTO}\n_into ${quote(join(base, 'to odd'))}&&: >here`)).toMatchObject({ rc: 0, err: '' });
    expect(statSync(join(odd, 'here')).isFile()).toBe(true);
  });

  test('mode, times and owner are never those of what a link leads to', () => {
    const before = statSync(join(base, 'roots/secret'));
    link('../roots/secret', join(home, 'x'), EVE);
    for (const command of [sh`_mode 0666 "$n"`, sh`_touch -am "$n"`])
      expect(run(beside(join(home, 'x'), command, HOLD).text)).toMatchObject({
        rc: 1,
        err: `${home}/x is a symbolic link\n`,
      });
    expect(run(beside(join(home, 'x'), sh`chown -h 1 "$n"`).text).rc).toBe(0);
    expect(lstatSync(join(home, 'x')).uid).toBe(1);
    expect(statSync(join(base, 'roots/secret'))).toEqual(before);
    expect(run(beside(join(base, 'roots/secret'), sh`_mode 0640 "$n"`, HOLD).text).rc).toBe(0);
    expect(statSync(join(base, 'roots/secret')).mode & 0o777).toBe(0o640);
  });

  test('a file goes beside a link and takes its place; what the link leads to stays', () => {
    link('../roots/secret', join(home, 'x'), EVE);
    const put = (path: string) =>
      putScript({ file: { path, content: Buffer.from('new\n') }, sha256: '', size: 4, comes: 'text' }).text;
    expect(run(put(join(home, 'x')), 'new\n')).toEqual({ rc: 0, out: '', err: '' });
    expect(lstatSync(join(home, 'x')).isFile()).toBe(true);
    expect(readFileSync(join(home, 'x'), 'utf8')).toBe('new\n');
    expect(readFileSync(join(base, 'roots/secret'), 'utf8')).toBe('secret\n');
    link('../roots', join(home, 'd'), EVE);
    expect(run(put(join(home, 'd/secret')), 'new\n')).toMatchObject({
      rc: 1,
      err: expect.stringContaining(`${home}/d is a symbolic link`) as string,
    });
    expect(readFileSync(join(base, 'roots/secret'), 'utf8')).toBe('secret\n');
  });

  test('all that is missing on the way gets its owner and mode, and what was there keeps its own', () => {
    expect(run(`${INTO}\n_make ${quote(join(home, 'a/b'))} 1:1 0710`)).toEqual({ rc: 0, out: '', err: '' });
    const seen = [home, join(home, 'a'), join(home, 'a/b')]
      .map((path) => statSync(path))
      .map(({ uid, mode }) => `${uid} ${(mode & 0o777).toString(8)}`);
    expect(seen).toEqual([`${EVE} 755`, '1 710', '1 710']);
  });
});
