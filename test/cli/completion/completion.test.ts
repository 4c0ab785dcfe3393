import { expect, test } from 'vitest';
import { world } from '../world.ts';

/** What is offered for the last of these words, and whether files are. */
async function offered(...words: string[]): Promise<{ values: string[]; files: boolean }> {
  const { code, stdout, stderr } = await world().xrun(['complete', '--', ...words]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  return { values: lines.slice(0, -1).map((line) => line.split('\t')[0]!), files: lines.at(-1) === ':0' };
}

test.each<[words: string[], values: string[], files: boolean]>([
  [['val'], ['validate'], false],
  [['site.y'], [], true],
  [['run', ''], [], true],
  [['--detailed'], ['--detailed-exitcode'], false],
  [['run', '--become-m'], ['--become-method'], false],
  [['site.yml', '-i', ''], [], true],
  [['exec', 'web', '--become-method', ''], ['sudo', 'su', 'doas'], false],
  [['exec', 'web', '--become-method', 'do'], ['doas'], false],
  [['exec', 'web', '-m', 'docker_net'], ['docker_network'], false],
  [['modules', 'hostn'], ['hostname'], false],
  [['helpers', 'base'], ['basename'], false],
  [['schema', 'c'], ['config'], false],
  [['vault', 're'], ['rekey'], false],
  [['vault', 'encrypt', '--vault-p'], ['--vault-password-file'], false],
])('%j', async (words, values, files) => expect(await offered(...words)).toEqual({ values, files }));

test('every command is offered, with what it does; hidden ones are not', async () => {
  const { values } = await offered('');
  expect(values).toContain('doctor');
  expect(values.filter((value) => value === 'vault')).toHaveLength(1);
  expect(values).not.toContain('complete');
});

test('a project with an error has fewer candidates, and no error', async () => {
  const { xrun } = world({ 'xrun.config.yml': 'fork: 1\n' });
  expect(await xrun(['complete', '--', 'modules', 'co'])).toEqual({ code: 0, stdout: ':0\n', stderr: '' });
});

test.each([
  ['bash', 'complete -o bashdefault -o default -F __xrun_complete xrun', /readonly|-- \$\{words\[@\]:1\}"/],
  ['zsh', 'compdef _xrun xrun', /undefined/],
  ['fish', 'complete -c xrun', /undefined/],
])('the program for %s', async (shell, part, wrong) => {
  const { code, stdout } = await world().xrun(['completion', shell]);
  expect(code).toBe(0);
  expect(stdout).toContain(part);
  expect(stdout).not.toMatch(wrong);
});
