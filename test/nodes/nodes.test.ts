import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { binaries } from './binaries.ts';
import { Stranger } from './stranger.ts';
import type { Ended } from './stranger.ts';

const CURRENT = ['20', '22', '24'];
const OLD = ['12', '18'];

const programs = mkdtempSync(join(tmpdir(), 'xrun-nodes-'));
const npm = join(execFileSync('npm', ['root', '-g'], { encoding: 'utf8' }).trim(), 'npm/bin/npm-cli.js');
let nodes: Map<string, string>;
let stranger: Stranger;

beforeAll(() => {
  chmodSync(programs, 0o755);
  nodes = binaries([...CURRENT, ...OLD], programs);
  stranger = new Stranger();
});
afterAll(() => {
  rmSync(programs, { recursive: true });
  stranger.remove();
});

const fine = (stdout: RegExp) => ({ code: 0, stderr: '', stdout: expect.stringMatching(stdout) as string });

describe.each(CURRENT)('Node.js %s: the package, installed by somebody else, with the checkout gone', (major) => {
  const prefix = () => join(stranger.home, `npm${major}`);
  const node = (...args: string[]): Ended => stranger.run(nodes.get(major)!, args);
  const xrun = (...args: string[]): Ended => node(join(prefix(), 'lib/node_modules/xrun/bin/xrun.cjs'), ...args);

  test('is installed without a word on stderr', () => {
    const { code, stderr } = node(
      npm,
      'install',
      '--global',
      '--prefix',
      prefix(),
      '--no-audit',
      '--no-fund',
      stranger.tarball,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(node('--version').stdout).toMatch(new RegExp(`^v${major}\\.`));
  });

  test('says its version, and runs a new project, which is unchanged by a second run', () => {
    expect(xrun('--version')).toEqual(fine(/^\d+\.\d+\.\d+\n$/));
    expect(xrun('init', `demo${major}`)).toEqual(fine(/created/));
    expect(xrun(`demo${major}/site.yml`)).toEqual(fine(/changed=1/));
    expect(xrun(`demo${major}/site.yml`)).toEqual(fine(/changed=0/));
  });

  test('runs commands and modules, and prints facts, schemas and documentation', () => {
    const local = ['-i', 'here,', '-e', 'xrun_connection=local'];
    expect(xrun('exec', 'all', ...local, '--', 'echo it works')).toEqual(fine(/here \| it works/));
    expect(xrun('exec', 'all', ...local, '-m', 'debug', '-a', 'msg=hi')).toEqual(fine(/hi/));
    expect(xrun('facts', 'here', ...local)).toEqual(fine(/os:/));
    for (const kind of ['playbook', 'inventory', 'config']) expect(xrun('schema', kind)).toEqual(fine(/"\$schema"/));
    expect(xrun('modules', 'copy')).toEqual(fine(/dest/));
    expect(xrun('config', '--explain')).toEqual(fine(/# default/));
    expect(xrun('completion', 'bash')).toEqual(fine(/complete -o/));
  });

  test('has the playbooks with all that they need', () => {
    const folder = join(prefix(), 'lib/node_modules/xrun');
    const books = readdirSync(join(folder, 'playbooks')).filter((name) => name.endsWith('.yml'));
    const paths = books.map((name) => join(folder, 'playbooks', name));
    expect(xrun('validate', ...paths, '-i', join(folder, 'inventory/prod.yml'))).toEqual(fine(/playbooks valid/));
  });
});

test.each(OLD)('Node.js %s is refused in one sentence', (major) => {
  const installed = join(stranger.home, `npm${CURRENT[0]}/lib/node_modules/xrun/bin/xrun.cjs`);
  expect(stranger.run(nodes.get(major)!, [installed, '--version'])).toEqual({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(
      new RegExp(
        `^xrun needs Node\\.js 20\\.19 or later, and this is Node\\.js ${major}\\.\\S+: install a newer one from \\S+\n$`,
      ),
    ) as string,
  });
});
