import { expect, onTestFinished, test } from 'vitest';
import { groups, helpers } from '../../runner/language/templates/helpers/registry.ts';
import { helperText } from '../plugins/project.ts';
import { world } from './world.ts';

test('the index has every helper, below the title of its group', async () => {
  const { code, stdout } = await world().xrun(['helpers']);
  expect(code).toBe(0);
  for (const { title, helpers: each } of groups) {
    expect(stdout).toContain(`${title}\n`);
    for (const { name, summary } of each) expect(stdout).toMatch(new RegExp(`^  ${name}.*${summary[0]}`, 'm'));
  }
});

test("one helper's page, and all as data", async () => {
  const { xrun } = world();
  expect((await xrun(['helpers', 'json'])).stdout).toMatchInlineSnapshot(`
    "json: The value as JSON; indent=2 makes it readable.
    Values; also a function of conditions: json(...)

    Usage
      {{json value indent=}}
      indent=  spaces of indentation

    Example
      {{json ports}}
      with {"ports":[80,443]}
      gives "[80,443]"
    "
  `);
  expect(JSON.parse((await xrun(['helpers', 'keys', '--json'])).stdout)).toMatchObject({
    name: 'keys',
    usage: 'keys mapping',
  });
  const all = JSON.parse((await xrun(['helpers', '--json'])).stdout) as { name: string; group: string }[];
  expect(all.filter(({ group }) => group !== 'Plugins').map(({ name }) => name)).toEqual(
    groups.flatMap((group) => group.helpers).map(({ name }) => name),
  );
});

test('no such helper: 2, with the nearest names', async () => {
  expect(await world().xrun(['helpers', 'jsno'])).toEqual({
    code: 2,
    stdout: '',
    stderr: "error[E_HELPER]: there is no helper 'jsno'\n  hint: Did you mean 'json'?\n",
  });
});

test("a plugin's helper is listed, too", async () => {
  onTestFinished(() => void helpers.delete('listedHere'));
  const { xrun } = world({ 'helpers/listed.ts': helperText('listedHere') });
  expect((await xrun(['helpers'])).stdout).toMatch(/^Plugins\n {2}listedHere text +Loud$/m);
  expect((await xrun(['helpers', 'listedHere'])).stdout).toContain('gives "a!"');
});

test('facts: a pattern is refused before any host is touched, and so is an unknown host', async () => {
  const { xrun } = world({ 'inv.yml': 'all: {hosts: {h1: {xrun_connection: local}, h2: {}}}\n' });
  const many = await xrun(['facts', 'h1,h2', '-i', 'inv.yml']);
  expect(many.code).toBe(2);
  expect(many.stderr).toContain("error[E_USAGE]: `xrun facts` takes one host, and 'h1,h2' matches 2");
  const none = await xrun(['facts', 'h3', '-i', 'inv.yml']);
  expect(none.code).toBe(2);
  expect(none.stderr).toContain("no host or group is called 'h3'");
});
