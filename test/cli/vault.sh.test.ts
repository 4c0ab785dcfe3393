import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ownName } from '../../runner/controller/own-files.ts';
import { world } from './world.ts';

const bytes = Buffer.from([0, 255, 10, 36, 65, 13, 10, 128]);

function workshop() {
  const made = world({ pw: 'one\n', pw2: 'two', 'vars.yml': 'db: hunter2\n' });
  const file = path.join(made.dir, 'vars.yml');
  return {
    ...made,
    file,
    read: () => readFileSync(file, 'utf8'),
    withOld: ['--vault-password-file', 'pw'],
    withNew: ['--vault-password-file', 'pw2'],
  };
}

test('encrypt, view, rekey, decrypt: back byte for byte, the mode kept', async () => {
  const { xrun, file, read, withOld, withNew } = workshop();
  writeFileSync(file, bytes);
  chmodSync(file, 0o640);
  expect((await xrun(['vault', 'encrypt', 'vars.yml', ...withOld])).code).toBe(0);
  expect(read()).toMatch(/^\$ANSIBLE_VAULT;1\.1;AES256\n[0-9a-f\n]+$/);
  await xrun(['vault', 'rekey', 'vars.yml', ...withOld, '--new-vault-password-file', 'pw2', '--vault-id', 'prod']);
  expect(read()).toMatch(/^\$ANSIBLE_VAULT;1\.2;AES256;prod\n/);
  expect(await xrun(['vault', 'view', 'vars.yml', ...withOld])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('E_VAULT') as string,
  });
  await xrun(['vault', 'decrypt', 'vars.yml', ...withNew]);
  expect(readFileSync(file)).toEqual(bytes);
  expect(statSync(file).mode & 0o777).toBe(0o640);
});

test('edit keeps the password and writes nothing where nothing changed', async () => {
  const { xrun, read, withOld } = workshop();
  await xrun(['vault', 'encrypt', 'vars.yml', ...withOld]);
  const before = read();
  await xrun(['vault', 'edit', 'vars.yml', ...withOld], { env: { EDITOR: 'true' } });
  expect(read()).toBe(before);
  await xrun(['vault', 'edit', 'vars.yml', ...withOld], { env: { EDITOR: 'sed -i s/hunter2/hunter3/' } });
  expect((await xrun(['vault', 'view', 'vars.yml', ...withOld])).stdout).toBe('db: hunter3\n');
  const failed = await xrun(['vault', 'edit', 'vars.yml', ...withOld], { env: { EDITOR: 'false' } });
  expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining("the editor 'false' failed") as string });
});

test('what a killed editor left in plain text is removed by the next', async () => {
  const { xrun, withOld } = workshop();
  await xrun(['vault', 'encrypt', 'vars.yml', ...withOld]);
  const left = path.join(tmpdir(), ownName('xrun-edit-').replace(/[0-9a-f]{8}-$/, '01234567-x'));
  mkdirSync(left);
  writeFileSync(path.join(left, 'vars.yml'), 'db: hunter2\n');
  await xrun(['vault', 'edit', 'vars.yml', ...withOld], { env: { EDITOR: 'true' } });
  expect(existsSync(left)).toBe(false);
});

test('one file that cannot be opened: none is written', async () => {
  const { xrun, dir, read, withOld } = workshop();
  await xrun(['vault', 'encrypt', 'vars.yml', ...withOld]);
  writeFileSync(path.join(dir, 'plain.yml'), 'a: 1\n');
  const { code, stderr } = await xrun(['vault', 'decrypt', 'vars.yml', 'plain.yml', ...withOld]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: 'error[E_VAULT]: plain.yml is not encrypted\n' });
  expect(read()).toContain('$ANSIBLE_VAULT');
});

test('a variable from stdin, which a playbook then reads', async () => {
  const { xrun, dir, withOld } = workshop();
  const { stdout } = await xrun(['vault', 'encrypt', '-', '--name', 'db', ...withOld], { stdin: 'hunter2' });
  writeFileSync(path.join(dir, 'vars.yml'), stdout);
  writeFileSync(
    path.join(dir, 'p.yml'),
    '- hosts: localhost\n  gather_facts: false\n  vars_files: [vars.yml]\n  tasks: [{assert: {that: db == "hunter2"}}, {debug: {msg: "pw {{db}}"}}]\n',
  );
  const ran = await xrun(['p.yml', '-i', 'localhost,', '-e', 'xrun_connection=local', ...withOld]);
  expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('ok: [localhost] pw ********') as string });
});

test('passwords are asked for, new ones twice, and never shown', async () => {
  const { xrun, read } = workshop();
  const encrypted = await xrun(['vault', 'encrypt', 'vars.yml'], { stdin: 'a\nb\ns3cret\ns3cret\n' });
  expect(encrypted.stderr).toBe(
    'New vault password: New vault password, once more: The two answers differ.\nNew vault password: New vault password, once more: ',
  );
  expect((await xrun(['vault', 'view', 'vars.yml', '-J'], { stdin: 's3cret\n' })).stdout).toBe('db: hunter2\n');
  expect((await xrun(['vault', 'view', 'vars.yml'])).stderr).toContain('E_NO_ANSWER');
  expect(read()).toContain('$ANSIBLE_VAULT');
});

test('a program may print the password', async () => {
  const { xrun, dir } = workshop();
  writeFileSync(path.join(dir, 'ask'), '#!/bin/sh\necho one\n', { mode: 0o755 });
  await xrun(['vault', 'encrypt', 'vars.yml', '--vault-password-file', 'ask']);
  expect((await xrun(['vault', 'view', 'vars.yml', '--vault-password-file', 'pw'])).stdout).toBe('db: hunter2\n');
});
