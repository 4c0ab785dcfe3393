import { expect, test } from 'vitest';
import { completions } from '../../../runner/cli/console/completion.ts';
import { wishOf } from '../../../runner/cli/console/input.ts';

const modules = ['copy', 'service', 'setup', 'ansible.builtin.copy'];

test.each([
  ['', { do: 'nothing' }],
  ['  # a remark', { do: 'nothing' }],
  ['exit', { do: 'leave' }],
  ['hosts', { do: 'hosts' }],
  ['cd web:!db', { do: 'pattern', pattern: 'web:!db' }],
  ['cd', { do: 'pattern', pattern: 'all' }],
  ['check', { do: 'switch', name: 'check', on: undefined }],
  ['become  off', { do: 'switch', name: 'become', on: false }],
  ['help', { do: 'help' }],
  ['help copy', { do: 'help', name: 'copy' }],
  ['! df -h | tail -1', { do: 'command', command: ['df -h | tail -1'] }],
  ['copy dest=/x content="a  b"', { do: 'module', module: { name: 'copy', args: 'dest=/x content="a  b"' } }],
  ['setup', { do: 'module', module: { name: 'setup', args: '' } }],
])('%j', (line, wish) => expect(wishOf(line, modules)).toEqual(wish));

test.each([
  ['servise name=ssh', "there is no module 'servise'", "Did you mean 'service'?"],
  ['uptime -p', "there is no module 'uptime'", '`! uptime -p`'],
  ['!', 'there is no command after the exclamation mark', '! uptime'],
  ['check maybe', "check: expected on or off, found 'maybe'", ''],
])('%j is refused', (line, message, hint) => {
  const wish = () => wishOf(line, modules);
  expect(wish).toThrow(message);
  try {
    wish();
  } catch (error) {
    expect((error as { hint?: string }).hint ?? '').toContain(hint);
  }
});

const known = {
  modules: [{ name: 'copy', aliases: ['ansible.builtin.copy'], arguments: ['dest', 'content', 'mode'].map(argument) }],
  targets: ['all', 'web', 'web1', 'db1'],
};
function argument(name: string) {
  return { name, type: 'text', required: false, description: '' };
}

test.each([
  ['c', [['cd ', 'check ', 'copy '], 'c']],
  ['copy ', [['dest=', 'content=', 'mode='], '']],
  ['copy dest=/x m', [['mode='], 'm']],
  ['cd we', [['web', 'web1'], 'we']],
  ['cd web,d', [['db1'], 'd']],
  ['check o', [['on', 'off'], 'o']],
  ['help co', [['copy'], 'co']],
  ['! ls /e', [[], '/e']],
])('%j is completed', (line, result) => expect(completions(line, known)).toEqual(result));
