import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TAG, aside, sweep } from '../../runner/connection/files/leftovers.ts';
import { openShell } from '../../runner/connection/shell/open-shell.ts';
import { putScript } from '../../runner/connection/files/put-script.ts';
import { raw } from '../../runner/model/script.ts';

/** A busy machine needs longer than the second that is the default. */
const PATIENTLY = { timeout: 20_000, interval: 20 };

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'leftovers-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const env = () => ({ ...process.env, TMPDIR: dir, HOME: dir });
const run = (text: string) => spawnSync('sh', ['-c', text], { env: env(), input: 'new\n', encoding: 'utf8' });
const names = () => readdirSync(dir).toSorted();
const place = (validate?: string) =>
  putScript({
    file: { path: join(dir, 'file'), content: Buffer.from('new\n'), ...(validate && { validate: raw(validate) }) },
    sha256: '',
    size: 4,
    comes: 'text',
  }).text;

/** A script that is killed in its middle, or goes on there. */
async function begun(text: string) {
  const shell = spawn('sh', ['-c', text], { env: env(), stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  shell.stdin.end('new\n');
  await expect.poll(() => existsSync(join(dir, 'begun')), PATIENTLY).toBe(true);
  rmSync(join(dir, 'begun'));
  return async () => {
    const ended = new Promise((resolve) => shell.on('close', resolve));
    process.kill(-shell.pid!, 'SIGKILL');
    await ended;
  };
}

test('what a killed run was writing beside a file goes when that is written the next time, and what another is writing stays', async () => {
  const slow = place(`: >${dir}/begun; sleep 60`);
  const kill = await begun(slow);
  const killOther = await begun(slow);
  expect(names()).toEqual([expect.stringMatching(/^\.xrun-\d+-/), expect.stringMatching(/^\.xrun-\d+-/)]);
  await kill();
  expect(run(place()).status).toBe(0);
  expect(names()).toEqual([expect.stringMatching(/^\.xrun-\d+-/), 'file']);
  await killOther();
  expect(run(place()).status).toBe(0);
  expect(names()).toEqual(['file']);
});

test('what a killed run left aside goes with the next session, and what another needs stays', async () => {
  const slow = `${TAG}\nw=$(mktemp -d ${aside()})||exit;mkdir "$w/shut"&&: >"$w/shut/file"&&chmod 0 "$w/shut"; : >${dir}/begun; sleep 60`;
  const kill = await begun(slow);
  const killOther = await begun(slow);
  await kill();
  expect(run(sweep()).stderr).toBe('');
  await expect.poll(names, PATIENTLY).toHaveLength(1);
  await killOther();
  run(sweep());
  await expect.poll(names, PATIENTLY).toEqual([]);
});

test('nothing else goes that has such a name', () => {
  const hex = '0123456789abcdef';
  const young = [
    'xrun-1-2024',
    'xrun-99999999-backup',
    'xrun-99999999-deadbeef.other-work-a',
    `xrun-script-${hex}-run.sh`,
    'xrun-99999999-deadbeef',
    'xrun-reports-of-mine',
  ];
  const old = ['xrun-2024-01-reports', 'xrun-script-mine', 'xrun-image-library.tar', 'xrun-backup'];
  const over = [`xrun-script-${hex}-old.sh`, `xrun-image-${hex}.tar`, 'xrun-99999999-deadbeef.other-work-b'];
  for (const name of [...young, ...old, ...over]) writeFileSync(join(dir, name), '');
  const past = Date.now() / 1000 - 3 * 86_400;
  for (const name of [...old, ...over]) utimesSync(join(dir, name), past, past);
  mkdirSync(join(dir, 'kept'));
  const tag = run(`${TAG}\nprintf %s "$_b"`).stdout;
  symlinkSync(join(dir, 'kept'), join(dir, `xrun-99999999-${tag}-work-link`));
  expect(run(`${sweep()}wait`)).toMatchObject({ status: 0, stderr: '' });
  const rest = [...young, ...old, 'kept', `xrun-99999999-${tag}-work-link`].toSorted();
  return expect.poll(names, PATIENTLY).toEqual(rest);
});

test('a session begins with it', async () => {
  const kill = await begun(`${TAG}\nmktemp -d ${aside()}; : >${dir}/begun; sleep 60`);
  await kill();
  const old = process.env.TMPDIR;
  process.env.TMPDIR = dir;
  const shell = await openShell({
    name: 'localhost',
    connection: 'local',
    host: 'localhost',
    hostKeys: 'strict',
    connectTimeout: 20_000,
  });
  try {
    expect(names()).toHaveLength(1);
    expect(await shell.run(raw('echo x'))).toMatchObject({ rc: 0, stdout: Buffer.from('x\n') });
    await expect.poll(names, PATIENTLY).toEqual([]);
  } finally {
    await shell.close();
    if (old === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = old;
  }
});
