import { expect, test } from 'vitest';
import { world } from './world.ts';

const play = (hosts: string, more = '') => `- hosts: ${hosts}\n${more}  tasks: [{debug: {msg: "never"}}]\n`;
const frame = (line: string, under: string) =>
  `  1 | ${line}\n    | ${under}\n  2 |   tasks: [{debug: {msg: "never"}}]\n  3 |\n`;

test.each([
  {
    what: 'all, and no inventory',
    text: play('all'),
    argv: [],
    stderr: `error[E_HOSTS]: no host matches 'all'\n  at p.yml:1:10\n${frame('- hosts: all', '         ^^^')}  hint: Give an inventory with hosts: \`-i FILE\` or \`-i host1,host2\`.\n`,
  },
  {
    what: 'a group, and no inventory',
    text: play('web'),
    argv: [],
    stderr: `error[E_HOSTS]: no host or group is called 'web'\n  at p.yml:1:10\n${frame('- hosts: web', '         ^^^')}  hint: Give an inventory with hosts: \`-i FILE\` or \`-i host1,host2\`.\n`,
  },
  {
    what: 'a pattern that leaves none',
    text: play('all:!h1'),
    argv: ['-i', 'h1,'],
    stderr: `error[E_HOSTS]: no host matches 'all:!h1'\n  at p.yml:1:10\n${frame('- hosts: all:!h1', '         ^^^^^^^')}  hint: Set \`allow_empty: true\` in the play if that is intended.\n`,
  },
  {
    what: 'a template that gives an unknown name',
    text: play('"all:{{kind}}"'),
    argv: ['-i', 'h1,', '-e', 'kind=h2'],
    stderr: `error[E_HOSTS]: no host or group is called 'h2'\n  at p.yml:1:10\n${frame('- hosts: "all:{{kind}}"', '         ^^^^^^^^^^^^^^')}  hint: Did you mean 'h1'?\n`,
  },
  {
    what: 'a template of a variable that nobody gives',
    text: play('"{{kind}}"'),
    argv: ['-i', 'h1,'],
    stderr: `error[E_UNDEFINED]: 'kind' is not defined\n  at p.yml:1:13\n${frame('- hosts: "{{kind}}"', '            ^^^^')}  hint: set kind in the inventory, in vars or with -e kind=...\n`,
  },
])('a play without hosts is told before the run: $what', async ({ text, argv, stderr }) => {
  expect(await world({ 'p.yml': text }).xrun(['p.yml', ...argv])).toEqual({ code: 2, stdout: '', stderr });
});

test('a play that may be empty is skipped, and one that only the run can tell about is left to it', async () => {
  const { code, stdout } = await world({ 'p.yml': play('all:!h1', '  allow_empty: true\n') }).xrun([
    'p.yml',
    '-i',
    'h1,',
  ]);
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('0 hosts') as string });
  expect((await world({ 'p.yml': play('all') }).xrun(['validate', 'p.yml'])).code).toBe(0);
});
