import { expect, test } from 'vitest';
import { world } from './world.ts';

test('help and version leave with 0', async () => {
  const { xrun } = world();
  expect(await xrun(['--version'])).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' });
  const help = await xrun(['--help']);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  for (const command of [
    'run',
    'init',
    'validate',
    'exec',
    'console',
    'inventory',
    'vars',
    'facts',
    'doctor',
    'modules',
    'helpers',
    'config',
    'completion',
    'schema',
    'vault',
  ])
    expect(help.stdout).toContain(`\n  ${command} `);
  expect((await xrun(['run', '--help'])).stdout).toContain('--check');
});

test.each([
  { argv: ['--chek', 'x.yml'], stderr: "error: unknown option '--chek'\n(Did you mean --check?)\n" },
  {
    argv: ['run', 'x.yml', '--output', 'pretty'],
    stderr: "error[E_OUTPUT_KIND]: there is no output 'pretty'\n  hint: Expected one of live, plain, jsonl, github.\n",
  },
  {
    argv: ['run', 'x.yml', '-f', 'many'],
    stderr: "error: option '-f, --forks <n>' argument 'many' is invalid. It must be a whole number above 0.\n",
  },
  { argv: [], stderr: "error: missing required argument 'playbook'\n" },
  { argv: ['exec'], stderr: "error: missing required argument 'pattern'\n" },
  {
    argv: ['schema', 'inventroy'],
    stderr:
      "error: command-argument value 'inventroy' is invalid for argument 'of'. Allowed choices are playbook, inventory, config, events.\n",
  },
])('wrong usage is told and leaves with 2: $argv', async ({ argv, stderr }) => {
  expect(await world().xrun(argv)).toEqual({ code: 2, stdout: '', stderr });
});

test('a mistyped command is taken for a playbook, and told', async () => {
  const { code, stderr } = await world().xrun(['validat', 'x.yml', '-i', 'h,']);
  expect(code).toBe(2);
  expect(stderr).toBe("error[E_USAGE]: there is no playbook 'validat'\n  hint: Did you mean the command 'validate'?\n");
  const early = await world().xrun(['-i', 'h,', 'run', 'x.yml']);
  expect(early).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Options come after the command: `xrun run ...`.') as string,
  });
});

test('an output file that cannot be written is known before anything runs', async () => {
  const { xrun } = world({ 'p.yml': '- hosts: h\n  tasks: [{fail: }]\n', file: '' });
  const { code, stdout, stderr } = await xrun(['p.yml', '-i', 'h,', '--junit', 'file/x.xml']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('error[E_OUTPUT_FILE]: cannot write');
});
