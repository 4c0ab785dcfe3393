import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { loadYaml } from '../../runner/language/yaml/load.ts';
import { localHosts, world } from './world.ts';

test('the facts of a host, as YAML and as JSON', async () => {
  const { xrun } = world({ 'inv.yml': localHosts });
  const yaml = await xrun(['facts', 'h1', '-i', 'inv.yml']);
  expect({ ...yaml, stdout: '' }).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(loadYaml(yaml.stdout, 'stdout').value).toMatchObject({ system: 'Linux', hostname: hostname() });
  const json = await xrun(['facts', 'h1', '-i', 'inv.yml', '--json']);
  expect(JSON.parse(json.stdout)).toMatchObject({ system: 'Linux', os: { family: expect.any(String) as string } });
});

test('a host that cannot be reached: 1, and why on stderr', async () => {
  const inventory = 'all: {hosts: {away: {xrun_host: 127.0.0.1, xrun_port: 1, xrun_password: x}}}\n';
  const { code, stdout, stderr } = await world({ 'inv.yml': inventory }).xrun(['facts', 'away', '-i', 'inv.yml']);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^away \| .*127\.0\.0\.1/m);
});
