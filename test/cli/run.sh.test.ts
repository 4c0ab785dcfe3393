import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { localHosts, world } from './world.ts';

const inventory = { 'inv.yml': localHosts };
const site = (dir: string) => `
- name: Try
  hosts: all
  gather_facts: false
  tasks:
    - name: Make a file
      copy: {dest: "${dir}/{{inventory_hostname}}", content: "{{colour}}\\n"}
      tags: [files]
    - name: Say
      debug: {msg: "{{inventory_hostname}}"}
      tags: [talk]
`;

/** A world with a playbook that writes into it. */
function workshop(playbook: (dir: string) => string = site) {
  const made = world({ ...inventory });
  const text = playbook(made.dir);
  return { ...world({ ...inventory, 'site.yml': text }), target: made.dir };
}

/** Without how long the run took, and what is told of a task only where it took long. */
const timeless = (text: string) => text.replaceAll(/ \((\d+ min )?[\d.]+ m?s\)/g, '');

test('a run tells what it does and leaves with 0', async () => {
  const { xrun, target } = workshop();
  const { code, stdout, stderr } = await xrun(['site.yml', '-i', 'inv.yml', '-l', 'h1']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(timeless(stdout)).toMatchInlineSnapshot(`
    "
    PLAY Try  site.yml:2:3, 1 host

    TASK Make a file (copy)  site.yml:6:7
    changed: [h1]

    TASK Say (debug)  site.yml:9:7
    ok: [h1] h1

    RECAP 1 host ok; 1 changed
    h1 : ok=1 changed=1 unknown=0 unreachable=0 failed=0 skipped=0 rescued=0 ignored=0
    "
  `);
  expect(readFileSync(path.join(target, 'h1'), 'utf8')).toBe('green\n');
});

test('a check writes nothing; --detailed-exitcode tells of changes by 3', async () => {
  const { xrun, target } = workshop();
  const argv = ['site.yml', '-i', 'inv.yml', '--detailed-exitcode'];
  const check = await xrun([...argv, '--check', '--diff']);
  expect(check.code).toBe(3);
  expect(check.stdout).toContain('+green');
  expect(existsSync(path.join(target, 'h1'))).toBe(false);
  expect((await xrun(['site.yml', '-i', 'inv.yml', '--check'])).code).toBe(0);
  expect((await xrun(argv)).code).toBe(3);
  expect((await xrun(argv)).code).toBe(0);
});

test('--detailed-exitcode tells of what a check cannot know by 4, unless something is known to change', async () => {
  const made =
    '- hosts: all\n  tasks:\n    - command: "true"\n    - {copy: {content: x, dest: "{{playbook_dir}}/made"}, when: both}\n';
  const { xrun } = world({ ...inventory, 'site.yml': made });
  const argv = ['site.yml', '-i', 'inv.yml', '--check', '--detailed-exitcode', '-e'];
  expect((await xrun([...argv, 'both=false'])).code).toBe(4);
  expect((await xrun([...argv, 'both=true'])).code).toBe(3);
});

test('extra variables: assignments, YAML and files, the last one strongest', async () => {
  const { xrun, dir, target } = workshop();
  await xrun(['site.yml', '-i', 'inv.yml', '-l', 'h1', '-e', 'colour=red x=1', '-e', '{"colour": "blue sky"}']);
  expect(readFileSync(path.join(target, 'h1'), 'utf8')).toBe('blue sky\n');
  expect(dir).not.toBe(target);
});

test('tags choose tasks', async () => {
  const { xrun } = workshop();
  const { stdout } = await xrun(['site.yml', '-i', 'inv.yml', '--tags', 'talk']);
  expect(stdout).toContain('TASK Say');
  expect(stdout).not.toContain('TASK Make');
});

test('what a run would do is listed without doing it', async () => {
  const { xrun, target } = workshop();
  const { code, stdout } = await xrun([
    'site.yml',
    '-i',
    'inv.yml',
    '--list-hosts',
    '--list-tasks',
    '--list-tags',
    '-l',
    'web',
  ]);
  expect(code).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "play: Try (all)  site.yml:2:3
      1 host:
        h1
      Make a file  copy  site.yml:6:7  [files]
      Say          debug  site.yml:9:7  [talk]
      tags: files, talk
    "
  `);
  expect(existsSync(path.join(target, 'h1'))).toBe(false);
});

test('a failing host: 1, its lines, and reports in files', async () => {
  const { xrun, dir } = workshop(
    () => '- hosts: web\n  gather_facts: false\n  tasks:\n    - name: Break\n      command: sh -c "echo oh; exit 3"\n',
  );
  const { code, stdout } = await xrun([
    'site.yml',
    '-i',
    'inv.yml',
    '--jsonl',
    'out/a.jsonl',
    '--junit',
    'out/a.xml',
    '--report',
    'out/a.html',
  ]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^failed: \[h1\] .*\n    stdout: oh\n/m);
  expect(stdout).toContain('  4 |     - name: Break\n    |       ^^^^^^^^^^^\n');
  const file = (name: string) => readFileSync(path.join(dir, 'out', name), 'utf8');
  expect(JSON.parse(file('a.jsonl').trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
    type: 'run_end',
    stats: { h1: { failed: 1 } },
  });
  expect(file('a.xml')).toContain('failures="1"');
  expect(file('a.html')).toContain('failed on 1 host');
});

test('mistakes are shown with their lines, all of them, and leave with 2', async () => {
  const { xrun } = workshop(
    () => '- hosts: nobody\n  taks:\n    - debug: {msg: x}\n- hosts: web\n  tasks:\n    - copi: {}\n',
  );
  const { code, stdout, stderr } = await xrun(['site.yml', '-i', 'inv.yml']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatchInlineSnapshot(`
    "error[E_KEYWORD]: unknown keyword 'taks' in a play
      at site.yml:2:3
      1 | - hosts: nobody
      2 |   taks:
        |   ^^^^
      3 |     - debug: {msg: x}
      4 | - hosts: web
      hint: Did you mean 'tags' or 'tasks'?

    error[E_MODULE]: unknown module 'copi'
      at site.yml:6:7
      4 | - hosts: web
      5 |   tasks:
      6 |     - copi: {}
        |       ^^^^
      7 |
      hint: Did you mean 'copy'?

    error[E_HOSTS]: no host or group is called 'nobody'
      at site.yml:1:10
      1 | - hosts: nobody
        |          ^^^^^^
      2 |   taks:
      3 |     - debug: {msg: x}
      hint: Groups are all, web.

    3 errors found
    "
  `);
});

test.each([
  { name: 'plain where nobody watches', env: {}, argv: [], begins: '\nPLAY' },
  { name: 'github in its actions', env: { GITHUB_ACTIONS: 'true' }, argv: [], begins: '\nPLAY Try' },
  { name: 'jsonl where asked for', env: {}, argv: ['--output', 'jsonl'], begins: '{"type":"run_start"' },
  { name: 'live where asked for', env: {}, argv: ['-o', 'live'], begins: '\nTry' },
])('output: $name', async ({ env, argv, begins }) => {
  const { xrun } = workshop();
  const { stdout } = await xrun(['site.yml', '-i', 'inv.yml', ...argv], { env });
  expect(stdout.startsWith(begins)).toBe(true);
  expect(stdout.includes('::group::')).toBe('GITHUB_ACTIONS' in env);
});

test('colours by FORCE_COLOR, and none by NO_COLOR or --no-color', async () => {
  const { xrun } = workshop();
  const colours = async (env: Record<string, string>, ...argv: string[]) =>
    (await xrun(['site.yml', '-i', 'inv.yml', ...argv], { env })).stdout.includes('\u001b[');
  expect([
    await colours({}),
    await colours({ FORCE_COLOR: '1' }),
    await colours({ FORCE_COLOR: '1', NO_COLOR: '1' }),
    await colours({ FORCE_COLOR: '1' }, '--no-color'),
  ]).toEqual([false, true, false, false]);
});

test('a reader that leaves does not end the run', async () => {
  const { xrun, target } = workshop();
  const stdout = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error('broken pipe'), { code: 'EPIPE' })),
  });
  expect((await xrun(['site.yml', '-i', 'inv.yml'], { stdout })).code).toBe(0);
  expect(existsSync(path.join(target, 'h2'))).toBe(true);
});

const slow = (dir: string) => `
- hosts: web
  gather_facts: false
  tasks:
    - name: First
      shell: "touch ${dir}/began; while [ ! -e ${dir}/go ]; do sleep 0.05; done; touch ${dir}/finished"
    - name: Second
      command: touch ${dir}/second
`;

/** Does `act` when the first task runs. */
async function whenBegun(dir: string, act: () => void): Promise<void> {
  while (!existsSync(path.join(dir, 'began'))) await new Promise((resolve) => setTimeout(resolve, 10));
  act();
}

test('Ctrl-C once lets what runs finish and starts nothing more', async () => {
  const { xrun, target } = workshop(slow);
  const { writeFileSync } = await import('node:fs');
  const { code, stdout } = await xrun(['site.yml', '-i', 'inv.yml'], {
    interrupt: (send) =>
      void whenBegun(target, () => {
        send();
        writeFileSync(path.join(target, 'go'), '');
      }),
  });
  expect(code).toBe(130);
  expect(stdout).toContain('warning: interrupted: running tasks may finish');
  expect([existsSync(path.join(target, 'finished')), existsSync(path.join(target, 'second'))]).toEqual([true, false]);
});

test('Ctrl-C twice, and SIGTERM, stop what runs', async () => {
  for (const hows of [['ask', 'ask'], ['end']] as const) {
    const { xrun, target } = workshop(slow);
    const { code, stdout } = await xrun(['site.yml', '-i', 'inv.yml'], {
      interrupt: (send) => void whenBegun(target, () => hows.forEach(send)),
    });
    expect(code).toBe(130);
    expect(stdout).toContain('warning: interrupted: stopping what runs on the hosts');
    expect(existsSync(path.join(target, 'finished'))).toBe(false);
  }
});

test('questions: variables of a play and steps', async () => {
  const { xrun } = workshop(
    () => `
- hosts: web
  gather_facts: false
  vars_prompt: [{name: who, prompt: Who, private: false}, {name: rank, prompt: Rank, default: 7}]
  tasks:
    - name: First
      debug: {msg: "{{who}} {{rank}}"}
    - name: Second
      debug: {msg: two}
`,
  );
  const { stdout, stderr } = await xrun(['site.yml', '-i', 'inv.yml', '--step'], { stdin: 'ann\n\nwhat\ny\nn\n' });
  expect(stdout).toContain('ok: [h1] ann 7');
  expect(stdout).not.toContain('two');
  expect(stderr).toContain('Who: Rank [7]: Run ');
});

test('where nobody answers the default counts, and a question without one ends the run before any task', async () => {
  const site = (more: string) =>
    `- hosts: web\n  vars_prompt: [{name: rank, prompt: Rank, default: 7}${more}]\n  tasks: [{debug: {msg: "{{rank}}"}}]\n`;
  const { xrun } = workshop(() => site(''));
  expect(await xrun(['site.yml', '-i', 'inv.yml'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('ok: [h1] 7') as string,
  });
  const refused = await workshop(() => site(', {name: who, prompt: Who}')).xrun(['site.yml', '-i', 'inv.yml']);
  expect(refused).toMatchObject({ code: 2, stdout: expect.stringContaining("no answer to 'Who:'") as string });
});

test('private keys that cannot be read are told at their places before any connection, and only for hosts of the run', async () => {
  const hosts = `all:
  hosts:
    away: {xrun_host: 127.0.0.1, xrun_port: 9, xrun_private_key_file: keys/none}
    here: {xrun_connection: local}
`;
  const { xrun } = world({
    'inv.yml': hosts,
    'site.yml': '- hosts: all\n  gather_facts: false\n  tasks:\n    - debug: {msg: hello}\n',
  });
  const refused = await xrun(['site.yml', '-i', 'inv.yml']);
  expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 2, stdout: '' });
  expect(refused.stderr).toContain('E_KEY_FILE');
  expect(refused.stderr).toContain('inv.yml:3:71');
  expect((await xrun(['site.yml', '-i', 'inv.yml', '--limit', 'here'])).code).toBe(0);
});

test('connection variables that cannot be are told at their places before any connection, and only for hosts of the run', async () => {
  const hosts = `all:
  hosts:
    far: {xrun_port: abc}
    away: {xrun_connection: shh}
    here: {xrun_connection: local}
`;
  const { xrun } = world({
    'inv.yml': hosts,
    'site.yml': '- hosts: all\n  gather_facts: false\n  tasks:\n    - debug: {msg: hello}\n',
  });
  for (const args of [
    ['site.yml', '-i', 'inv.yml'],
    ['validate', 'site.yml', '-i', 'inv.yml'],
  ]) {
    const refused = await xrun(args);
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 2, stdout: '' });
    for (const place of ['E_CONNECTION', 'inv.yml:3:22', 'inv.yml:4:29']) expect(refused.stderr).toContain(place);
  }
  expect((await xrun(['site.yml', '-i', 'inv.yml', '--limit', 'here'])).code).toBe(0);
});

test('all that is wrong with a host is told at once, also what only becoming somebody would read', async () => {
  const hosts =
    'h1 xrun_port=0 xrun_become_method=sodu xrun_connect_timeout=soon\nh2 xrun_connection=shh xrun_port=x xrun_become_method=pfexec\n';
  const site = (become: string) =>
    `- hosts: all\n  tasks:\n    - block: [{debug: {msg: hello}${become}}]\n      always: []\n`;
  const { xrun } = world({ hosts, 'site.yml': site(', become: true'), 'plain.yml': site('') });
  const placesOf = (text: string) => [...text.matchAll(/at (hosts:\d+:\d+)/g)].map(([, place]) => place);
  expect(placesOf((await xrun(['site.yml', '-i', 'hosts'])).stderr)).toEqual([
    'hosts:1:4',
    'hosts:1:16',
    'hosts:1:40',
    'hosts:2:4',
    'hosts:2:24',
    'hosts:2:36',
  ]);
  expect(placesOf((await xrun(['plain.yml', '-i', 'hosts'])).stderr)).toEqual([
    'hosts:1:4',
    'hosts:1:40',
    'hosts:2:4',
    'hosts:2:24',
  ]);
});

test('a name like that of a connection variable is told at the name', async () => {
  const { xrun } = world({
    'inv.yml': 'all:\n  vars: {xrun_usr: me}\n  hosts:\n    h1: {xrun_prt: 22}\n',
    'site.yml': '- hosts: all\n  tasks: []\n',
  });
  const { code, stderr } = await xrun(['validate', 'site.yml', '-i', 'inv.yml']);
  expect(code).toBe(2);
  for (const place of ['inv.yml:2:10', 'inv.yml:4:10']) expect(stderr).toContain(place);
});
