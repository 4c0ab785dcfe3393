import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { parseKey, probeKey, sshKeyArgs } from '../../runner/modules/accounts/ssh-key.ts';
import type { Accounts } from '../../runner/modules/accounts/account-state.ts';
import { differences } from '../../runner/modules/accounts/user-attributes.ts';
import { onWay } from '../../runner/connection/files/way.ts';
import { createUser, makeHome } from '../../runner/modules/accounts/user-steps.ts';
import { decideRemote } from '../../runner/modules/path/remote.ts';
import { sh } from '../../runner/model/script.ts';
import type { Script } from '../../runner/model/script.ts';

/** Not ours: the user that Debian keeps for nobody's files. */
const EVE = 65534;

describe.each(['dash', 'bash', 'busybox'])('%s: in a home root follows no link that the user made', (shell) => {
  let base: string;
  let home: string;
  const run = (script: Script) => {
    const { status, stdout, stderr } = spawnSync(shell, [...(shell === 'busybox' ? ['sh'] : []), '-c', script.text], {
      encoding: 'utf8',
    });
    return { rc: status ?? 255, stdout, stderr };
  };

  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'xrun-home-')));
    chmodSync(base, 0o755);
    home = join(base, 'eve');
    mkdirSync(home);
    chownSync(home, EVE, EVE);
    mkdirSync(join(base, 'roots'), { mode: 0o755 });
    writeFileSync(join(base, 'roots/secret'), 'secret\n', { mode: 0o600 });
    symlinkSync('../roots', join(home, 'sub'));
    lchownSync(join(home, 'sub'), EVE, EVE);
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  test('a missing home is made below what is root’s, and with all that the skeleton has', () => {
    mkdirSync(join(base, 'skel'));
    writeFileSync(join(base, 'skel/.profile'), 'x\n');
    symlinkSync('.profile', join(base, 'skel/.link'));
    expect(run(makeHome('nobody', join(base, 'a/new'), { skeleton: join(base, 'skel'), umask: '027' }))).toMatchObject({
      rc: 0,
      stderr: '',
    });
    expect(statSync(join(base, 'a/new'))).toMatchObject({ uid: EVE });
    expect(statSync(join(base, 'a/new')).mode & 0o777).toBe(0o750);
    expect(statSync(join(base, 'a')).uid).toBe(0);
    expect(lstatSync(join(base, 'a/new/.link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(base, 'a/new/.profile'), 'utf8')).toBe('x\n');
  });

  test('a home is not made through a link', () => {
    const made = run(makeHome('nobody', join(home, 'sub/new'), {}));
    expect(made).toMatchObject({ rc: 1, stderr: expect.stringContaining('it is not followed') });
    expect(readdirSync(join(base, 'roots'))).toEqual(['secret']);
  });

  test('one that is there meanwhile is not filled', () => {
    const planted = join(home, 'new');
    mkdirSync(planted);
    symlinkSync('../../roots/secret', join(planted, '.profile'));
    expect(run(makeHome('nobody', planted, {})).rc).not.toBe(0);
    expect(statSync(planted).uid).toBe(0);
  });

  test('useradd and usermod do not run where a link is on the way', () => {
    expect(run(onWay([join(home, 'sub/new')], sh`echo ran`))).toMatchObject({ rc: 1, stdout: '' });
    expect(run(onWay([join(home, 'new'), base], sh`echo ran`))).toMatchObject({ rc: 0, stdout: 'ran\n' });
    const args = {
      name: 'eve2',
      home: join(home, 'sub/new'),
      system: false,
      create_home: true,
      append: false,
      move_home: false,
      non_unique: false,
    };
    for (const tools of ['shadow', 'busybox'] as const) {
      const [first] = createUser(args, [], { tools, groups: {} });
      expect(run(sh`useradd() { echo ran; }; adduser() { echo ran; }; ${first as Script}`)).toMatchObject({
        rc: 1,
        stdout: '',
        stderr: expect.stringContaining('symbolic link'),
      });
    }
  });

  test('busybox: a home is moved and handed over where it is, not where a link leads', () => {
    const user = { uid: EVE, gid: EVE, comment: '', home: join(home, 'old'), shell: '/bin/sh' };
    const accounts: Accounts = { tools: 'busybox', groups: {}, user };
    mkdirSync(user.home);
    const scripts = (to: string) =>
      differences({ name: 'eve', home: to, move_home: true, append: false, non_unique: false }, accounts)[0]!.scripts;
    const refused = run(scripts(join(home, 'sub/new'))[1] as Script);
    expect(refused).toMatchObject({ rc: 1, stderr: expect.stringContaining('it is not followed') });
    expect(existsSync(user.home)).toBe(true);
    expect(run(scripts(join(base, 'moved'))[1] as Script)).toMatchObject({ rc: 0, stderr: '' });
    expect(existsSync(join(base, 'moved'))).toBe(true);
    expect(existsSync(user.home)).toBe(false);
  });

  test('a directory that is copied on the host does not write through links at its destination', () => {
    const src = join(base, 'src');
    mkdirSync(join(src, 'd'), { recursive: true });
    writeFileSync(join(src, 'd/f'), 'new\n');
    const dest = join(home, 'to');
    mkdirSync(join(dest, 'd'), { recursive: true });
    chownSync(dest, EVE, EVE);
    chownSync(join(dest, 'd'), EVE, EVE);
    symlinkSync('../../../roots/secret', join(dest, 'd/f'));
    lchownSync(join(dest, 'd/f'), EVE, EVE);
    const decision = decideRemote(
      { src: `${src}/`, force: true, follow: true },
      dest,
      { type: 'directory', source: { type: 'directory' }, differences: ['./d/f: FAILED'] },
      {} as never,
    );
    const [step] = (decision as { steps: { script: Script }[] }).steps;
    expect(run(step!.script)).toMatchObject({ rc: 1, stderr: expect.stringContaining('it is not followed') });
    expect(readFileSync(join(base, 'roots/secret'), 'utf8')).toBe('secret\n');
    rmSync(join(dest, 'd/f'));
    expect(run(step!.script)).toMatchObject({ rc: 0, stderr: '' });
    expect(readFileSync(join(dest, 'd/f'), 'utf8')).toBe('new\n');
  });

  test('a key is looked for as the user; a look that fails is not a missing key', () => {
    const args = z.object(sshKeyArgs).parse({ generate_ssh_key: true, ssh_key_file: join(home, 'sub/secret') });
    const known = sh`u=@@user; ${probeKey('nobody', args)}`;
    const found = run(known);
    expect(found.rc).toBe(0);
    expect(found.stdout).toContain('@@key-end');
    expect(found.stdout).not.toContain('secret\n');
    const bin = join(base, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'su'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    const cut = run(sh`PATH=${`${bin}:/usr/bin:/bin`}; ${known}`);
    expect(() => parseKey(cut)).toThrow("the user's SSH key cannot be read");
    expect(run(sh`su() { return 1; }; ${known}`).rc).toBe(1);
  });
});
