import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { encryptText } from '../../runner/api/index.ts';
import { world } from '../cli/world.ts';
import { SshServer } from '../support/ssh-server.ts';

/** A secret for each place that can hold one; what is found tells which. */
const PLACES = [
  'groupvars',
  'varsfile',
  'extravars',
  'prompt',
  'login',
  'nolog',
  'key',
  'item',
  'content',
  'template',
  'environment',
  'async',
  'lines',
  'url',
  'header',
  'fact',
  'stdin',
  'line',
  'become',
  'docker',
  'address',
  'hash',
] as const;
type Place = (typeof PLACES)[number];
const secretOf = (place: Place) => `canary<${place}>&x7K'p9`;
/** What each encoding of a secret begins with; a mask that is too short leaves it. */
const traces = (place: Place) => {
  const secret = secretOf(place);
  const quoted = encodeURIComponent(secret);
  return [
    `canary<${place}`,
    Buffer.from(secret).toString('base64').slice(0, 14),
    Buffer.from(secret).toString('hex').slice(0, 20),
    quoted.slice(0, 14),
    quoted.replaceAll("'", '%27').toLowerCase().slice(0, 14),
    `canary&lt;${place}`,
    `canary&#60;${place}`,
    `canary\\u003c${place}`,
    `CANARY<${place.toUpperCase()}`,
  ];
};

const VAULT = 'the vault password';
const vaulted = (vars: Record<string, string>) => encryptText(Buffer.from(JSON.stringify(vars)), VAULT);
const tagged = (name: string, value: string) =>
  `${name}: !vault |\n${encryptText(Buffer.from(value), VAULT).trimEnd().replace(/^/gm, '  ')}\n`;

const tasks = [
  {
    name: 'say {{groupvars}}',
    debug: {
      msg: '{{groupvars}} {{b64encode groupvars}} {{urlencode groupvars}} {{json groupvars}} {{upper groupvars}} {{varsfile}} {{extravars}} {{prompt}} {{trim lines}}',
    },
  },
  {
    name: 'hidden',
    shell: 'printf "%s\\n" "$S"; printf "%s\\n" "$S" >&2; exit 1',
    environment: { S: '{{nolog}}' },
    no_log: true,
    ignore_errors: true,
  },
  { name: 'key', set_fact: { mapped: '{{json key}}', fact_of: '{{fact}}' } },
  { name: 'items', debug: { msg: '{{item}}' }, loop: ['{{item_secret}}', 'plain'] },
  {
    name: 'content',
    copy: { content: '{{content}}\n', dest: '{{playbook_dir}}/host/content', mode: '0600' },
    register: 'copied',
  },
  { name: 'content again', copy: { content: 'b {{content}}\n', dest: '{{playbook_dir}}/host/content' } },
  { name: 'template', template: { src: 'secret.hbs', dest: '{{playbook_dir}}/host/template', mode: '0600' } },
  { name: 'line', lineinfile: { path: '{{playbook_dir}}/host/line', line: 'a={{line}}', create: true, mode: '0600' } },
  {
    name: 'environment',
    shell:
      'printf "%s" "$S" | base64; printf "%s" "$S" | od -An -tx1 | tr -d " \\n"; echo; printf "%s\\n" "$S"; printf "%s" "$S" | tr a-z A-Z; sleep 0.3; exit 3',
    environment: { S: '{{environment_secret}}' },
    ignore_errors: true,
    register: 'r',
  },
  { name: 'stdin', command: { cmd: 'cat', stdin: '{{stdin_secret}}' } },
  { name: 'registered', debug: { var: 'r' } },
  { name: 'job', shell: 'sleep 0.5; cat', args: { stdin: '{{async}}' }, async: 30, poll: 1, ignore_errors: true },
  {
    name: 'retried',
    shell: 'cat; exit 1',
    args: { stdin: '{{groupvars}}' },
    retries: 1,
    delay: 0,
    ignore_errors: true,
  },
  {
    name: 'asked',
    uri: {
      url: 'http://127.0.0.1:9/',
      url_username: 'me',
      url_password: '{{url}}',
      headers: { 'X-Token': '{{header}}' },
      timeout: 2,
    },
    ignore_errors: true,
  },
  { name: 'become', command: { cmd: 'cat', stdin: '{{xrun_become_password}}' }, become: true },
  {
    name: 'not sudo',
    command: 'true',
    become: true,
    vars: { xrun_become_password: '{{xrun_become_password}} ' },
    ignore_errors: true,
  },
  {
    name: 'container',
    docker_container: {
      name: 'canary',
      image: 'canary:1',
      env: { DB_PASSWORD: '{{docker_env}}', DATABASE_URL: 'postgres://me:{{urlencode docker_address}}@db/x' },
    },
    ignore_errors: true,
  },
  {
    name: 'account',
    user: { name: 'xrun-canary', password: '{{password_hash}}' },
    check_mode: true,
    ignore_errors: true,
  },
  {
    name: 'in plain',
    debug: {
      msg: '{{docker_env}} {{docker_address}} {{password_hash}} {{xrun_become_password}} {{b64encode docker_address}}',
    },
  },
  { name: 'failed', fail: { msg: 'no {{groupvars}}\n{{varsfile}}' } },
];

/** Asks as sudo does, and says too much. */
const SUDO = `while [ "$1" != -- ]; do [ "$1" != -p ] || ask=$2; shift; done; shift
printf %s "$ask" >&2; IFS= read -r word
[ "$(printf %s "$word" | sha256sum)" = "${createHash('sha256').update(secretOf('become')).digest('hex')}  -" ] || { echo "sudo: not $word" >&2; exit 1; }
exec "$@"`;
const program = (server: SshServer, name: string, text: string) =>
  writeFileSync(path.join(server.directory, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });

let close = async () => {};
afterEach(() => close());

/** Command lines and environments of all processes but this one, as long as it is not stopped. */
function watchProcesses(): () => string {
  const seen = new Set<string>();
  const timer = setInterval(() => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid))) {
      for (const name of ['cmdline', 'environ']) {
        try {
          seen.add(`${name}: ${readFileSync(`/proc/${pid}/${name}`, 'latin1')}`);
        } catch {
          // It has ended, or is somebody else's.
        }
      }
    }
  }, 50);
  return () => {
    clearInterval(timer);
    return [...seen].join('\n');
  };
}

/** Jobs of other tests go while they are looked at. */
const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
};

const filesOf = (dir: string): string[] => {
  try {
    return readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .map((name) => path.join(dir, name))
      .filter((file) => statSync(file).isFile());
  } catch {
    return [];
  }
};

it.each(['plain', 'live', 'github', 'jsonl'])(
  'no secret is in anything that a run shows or leaves behind (%s)',
  async (output) => {
    const server = await SshServer.start({ password: secretOf('login') });
    program(server, 'sudo', SUDO);
    program(server, 'docker', 'echo "refused: $*" >&2; env >&2; cat >&2; exit 1');
    const temporary = process.env.TMPDIR;
    const state = mkdtempSync(path.join(tmpdir(), 'xrun-canary-'));
    close = async () => {
      if (temporary === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = temporary;
      rmSync(state, { recursive: true, force: true });
      await server.close();
    };
    const value = (place: Place) => secretOf(place);
    const { xrun, dir } = world({
      'vault.pw': VAULT,
      'inv.yml': JSON.stringify({
        all: {
          hosts: {
            node: {
              xrun_host: '127.0.0.1',
              xrun_port: server.port,
              xrun_user: 'tester',
              xrun_known_hosts_file: server.knownHosts,
              xrun_become_password: value('become'),
              docker_env: value('docker'),
              docker_address: value('address'),
              password_hash: value('hash'),
            },
          },
        },
      }),
      'group_vars/all/tagged.yml':
        ['groupvars', 'nolog', 'content', 'template', 'async', 'url', 'header', 'fact', 'line']
          .map((place) => tagged(place, value(place as Place)))
          .join('') +
        tagged('lines', `  first line\n${value('lines')}\n`) +
        tagged('login_secret', value('login')),
      'group_vars/all/whole.yml': vaulted({
        key_secret: value('key'),
        item_secret: value('item'),
        environment_secret: value('environment'),
        stdin_secret: value('stdin'),
      }),
      'group_vars/all/plain.yml': 'xrun_password: "{{login_secret}}"\nkey: {inner: {"k": "{{key_secret}}"}}\n',
      'more.yml': vaulted({ varsfile: value('varsfile') }),
      'extra.yml': tagged('extravars', value('extravars')),
      'secret.hbs': 'a {{template}} b\n',
      'host/keep': '',
      'site.yml': JSON.stringify([
        {
          hosts: 'all',
          gather_facts: false,
          vars_files: ['more.yml'],
          vars_prompt: [{ name: 'prompt', prompt: 'Secret', private: true }],
          tasks,
        },
      ]),
    });
    const given = new Set(filesOf(dir));
    const jobs = path.join(homedir(), '.xrun');
    const before = new Set(filesOf(jobs));
    // For temporary files of this process and of the host, which nobody else then uses.
    process.env.TMPDIR = state;
    const stop = watchProcesses();
    const ended = await xrun(
      [
        'site.yml',
        '-i',
        'inv.yml',
        '-e',
        '@extra.yml',
        '--vault-password-file',
        'vault.pw',
        '-o',
        output,
        '-vvv',
        '-D',
        '--no-color',
        '--jsonl',
        'r.jsonl',
        '--junit',
        'r.xml',
        '--report',
        'r.html',
      ],
      { stdin: `${value('prompt')}\n`, env: { XDG_STATE_HOME: state, XRUN_STATE_DIR: undefined } },
    );
    const processes = stop();
    expect(ended.code).toBe(1);
    const events = readFileSync(path.join(dir, 'r.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; task?: string; status?: string });
    expect(events.filter(({ type }) => type === 'task_end').map(({ task, status }) => `${task}: ${status}`)).toEqual([
      'say ********: ok',
      'hidden: ignored',
      'key: ok',
      'items: ok',
      'content: changed',
      'content again: changed',
      'template: changed',
      'line: changed',
      'environment: ignored',
      'stdin: changed',
      'registered: ok',
      'job: changed',
      'retried: ignored',
      'asked: ignored',
      'become: changed',
      'not sudo: ignored',
      'container: ignored',
      'account: changed',
      'in plain: ok',
      'failed: failed',
    ]);
    expect(ended.stdout).toContain('********');

    const texts: Record<string, string> = {
      stdout: ended.stdout,
      stderr: ended.stderr,
      'command lines': processes
        .split('\n')
        .filter((line) => line.startsWith('cmdline'))
        .join('\n'),
      environments: processes
        .split('\n')
        .filter((line) => line.startsWith('environ'))
        .join('\n'),
    };
    const left = [
      ...filesOf(dir).filter((file) => !given.has(file) && !file.startsWith(path.join(dir, 'host/'))),
      ...filesOf(state),
      ...filesOf(jobs).filter((file) => !before.has(file)),
    ];
    for (const file of left) texts[file] = textOf(file);
    expect(left.map((file) => path.basename(file))).toEqual(expect.arrayContaining(['r.jsonl', 'r.xml', 'r.html']));
    const found = Object.entries(texts).flatMap(([where, text]) =>
      PLACES.flatMap((place) =>
        traces(place)
          .filter((trace) => text.includes(trace))
          .map((trace) => `${where}: ${place}: ${trace}`),
      ),
    );
    expect(found).toContain(`environments: environment: canary<environment`);
    // What a user gives to a command as its environment is in that process's environment, and nowhere else.
    expect(found.filter((one) => !/^environments: (environment|nolog): /.test(one))).toEqual([]);
  },
);
