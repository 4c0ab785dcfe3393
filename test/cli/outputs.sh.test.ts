import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { encryptText } from '../../runner/api/index.ts';
import { localHosts, world } from './world.ts';

const site = (tasks: object[]) => JSON.stringify([{ hosts: 'all', gather_facts: false, tasks }]);

describe('an output that cannot be written', () => {
  const touching = () =>
    world({
      'inv.yml': localHosts,
      'site.yml': site([
        { shell: 'echo some output; touch {{playbook_dir}}/{{inventory_hostname}}' },
        { command: 'touch {{playbook_dir}}/{{inventory_hostname}}.end' },
      ]),
    });
  const finished = (dir: string) => ['h1.end', 'h2.end'].every((name) => existsSync(path.join(dir, name)));

  it('is told in one sentence when stdout is on a full disk, and the hosts are finished', async () => {
    const { xrun, dir } = touching();
    const stdout = new Writable({
      write: (_chunk, _encoding, done) =>
        done(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })),
    });
    expect(await xrun(['site.yml', '-i', 'inv.yml'], { stdout })).toMatchObject({
      code: 1,
      stderr:
        'error[E_OUTPUT]: cannot write to stdout: ENOSPC: no space left on device, write; what it shows is not complete\n',
    });
    expect(finished(dir)).toBe(true);
  });

  it.each(['--jsonl', '--junit', '--report'])('is told when it is a file of %s', async (option) => {
    const { xrun, dir } = touching();
    const { code, stdout, stderr } = await xrun(['site.yml', '-i', 'inv.yml', option, '/dev/full']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'error[E_OUTPUT]: cannot write /dev/full: ENOSPC: no space left on device, write; what it holds is not complete\n',
    });
    expect(stdout).toContain('h1 : ok=0 changed=2');
    expect(finished(dir)).toBe(true);
  });

  it('is told by the program itself', () => {
    const { dir } = touching();
    const bin = fileURLToPath(new URL('../../bin/xrun.js', import.meta.url));
    const run = (output: string, words: string) =>
      spawnSync('sh', ['-c', `"$0" "$1" ${words} ${output}`, process.execPath, bin], { cwd: dir, encoding: 'utf8' });
    expect(run('>/dev/full', 'site.yml -i inv.yml')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^error\[E_OUTPUT\]: cannot write to stdout: ENOSPC[^\n]*\n$/) as string,
    });
    expect(finished(dir)).toBe(true);
    expect(run('>/dev/full', 'vars h1 -i inv.yml').status).toBe(1);
    expect(run('>&-', 'vars h1 -i inv.yml').status).toBe(0);
  });
});

describe('secrets in what is looked up', () => {
  const vaulted = `pw: !vault |\n${encryptText(Buffer.from('hunter2secret\n'), 'vault').trimEnd().replace(/^/gm, '  ')}\nshort: !vault |\n${encryptText(Buffer.from('ab'), 'vault').trimEnd().replace(/^/gm, '  ')}\n`;
  const made = () =>
    world({
      'inv.yml': 'all: {hosts: {h1: {ansible_become_password: swordfish, port: 22}}}\n',
      'group_vars/all/a.yml': `${vaulted}url: "http://u:{{trim pw}}@h/{{ansible_become_password}}"\n`,
      'group_vars/all/b.yml': encryptText(Buffer.from('whole: fileofsecrets\n'), 'vault'),
      vault: 'vault\n',
    });
  const looks = [
    ['vars', 'h1'],
    ['vars', 'h1', '--json'],
    ['vars', 'h1', '--explain', 'url'],
    ['vars', 'h1', '--explain', 'pw'],
    ['vars', 'h1', '--explain', 'ansible_become_password'],
    ['inventory', '--json'],
  ];

  it.each(looks)('are masked: %s %s %s', async (...words) => {
    const { xrun } = made();
    const { code, stdout, stderr } = await xrun([
      ...words.filter((word) => word !== undefined),
      '-i',
      'inv.yml',
      '--vault-password-file',
      'vault',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('********');
    expect(stdout).not.toMatch(/hunter2|swordfish|fileofsecrets|"ab"|VAULT/);
  });

  it('are shown with --reveal', async () => {
    const { xrun } = made();
    const reveal = ['--reveal', '-i', 'inv.yml', '--vault-password-file', 'vault'];
    expect(JSON.parse((await xrun(['vars', 'h1', '--json', ...reveal])).stdout)).toMatchObject({
      pw: 'hunter2secret\n',
      short: 'ab',
      url: 'http://u:hunter2secret@h/swordfish',
      whole: 'fileofsecrets',
    });
    expect(JSON.parse((await xrun(['inventory', '--json', ...reveal])).stdout)).toMatchObject({
      _meta: { hostvars: { h1: { pw: 'hunter2secret\n', whole: 'fileofsecrets', xrun_become_password: 'swordfish' } } },
    });
  });
});

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const FORBIDDEN =
  /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\u001b(?!\[)/;
const EVIL = '\u0085::error::x\u202e\u2028##[error]\u009b31m\u001b\u001b[2J[2J\u200b\u001b]0;t\u0007';

describe('text of hosts and users', () => {
  const files = {
    'inv.yml': localHosts,
    'site.yml': JSON.stringify([
      {
        name: `play ${EVIL}`,
        hosts: 'all',
        gather_facts: false,
        tasks: [
          { name: `task ${EVIL}\nok: [h1]`, debug: { msg: `${EVIL}\n::warning::y\nchanged: [h9]` } },
          { debug: { msg: '{{item}}' }, loop: [`item\nchanged: [h9] ${EVIL}`] },
          { copy: { content: `${EVIL}\r\n`, dest: '{{playbook_dir}}/{{inventory_hostname}}' } },
          {
            shell: `printf '%s\\n' "$EVIL"; printf '%s\\n' "$EVIL" >&2; exit 3`,
            environment: { EVIL },
            ignore_errors: true,
            retries: 1,
            delay: 0,
          },
          { fail: { msg: `no ${EVIL}\nok: [h9]` } },
        ],
      },
    ]),
  };

  it.each(['plain', 'github', 'live', 'jsonl'])('is harmless in %s', async (output) => {
    const { xrun } = world(files);
    const { stdout } = await xrun(['site.yml', '-i', 'inv.yml', '-D', '-vvv', '-o', output, '--no-color']);
    expect(stdout).toContain('::error::x');
    expect(stdout).not.toMatch(FORBIDDEN);
    if (output === 'live') return;
    expect(stdout).not.toMatch(/\u001b/);
    expect(stdout).not.toMatch(/^(ok|changed): \[h9\]/m);
    if (output === 'github') {
      expect(
        stdout.split('\n').filter((line) => /^\s*::/.test(line) && !/^::(end)?group::|^::error file=/.test(line)),
      ).toEqual([]);
      expect(stdout).not.toContain('##[');
    }
  });

  it('is harmless in reports and errors', async () => {
    const { xrun, dir } = world({
      ...files,
      'bad.yml': `- hosts: "${EVIL.replace(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)}"\n  taskz: []\n`,
    });
    await xrun(['site.yml', '-i', 'inv.yml', '-D', '--report', 'r.html', '--junit', 'r.xml', '--jsonl', 'r.jsonl']);
    for (const name of ['r.html', 'r.xml', 'r.jsonl']) {
      const text = readFileSync(path.join(dir, name), 'utf8');
      expect(text).toContain('::error::x');
      expect(text).not.toMatch(FORBIDDEN);
      expect(text).not.toMatch(/\u001b/);
    }
    const events = readFileSync(path.join(dir, 'r.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { play?: string });
    expect(events.find((event) => event.play)?.play).toBe(`play ${EVIL}`);
    for (const words of [
      ['run', 'bad.yml'],
      ['validate', 'bad.yml'],
      ['run', 'site.yml', '--list-tasks'],
      ['inventory'],
      ['vars', EVIL],
      ['exec', 'all', '--', `printf '%s\\n' '${EVIL}'`],
    ]) {
      const { stdout, stderr } = await xrun([...words.slice(0, 2), '-i', 'inv.yml', ...words.slice(2)]);
      expect(stdout + stderr).not.toBe('');
      expect(stdout + stderr).not.toMatch(FORBIDDEN);
      expect(stdout + stderr).not.toMatch(/\u001b/);
    }
  });
});
