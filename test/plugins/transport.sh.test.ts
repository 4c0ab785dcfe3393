import { expect, test } from 'vitest';
import { world } from '../cli/world.ts';
import { site } from './project.ts';

const plugin = (connect: string) => `import { LocalTransport, defineTransport } from 'xrun/transport';
const here = new LocalTransport();
export default defineTransport({ name: 'acme', summary: 'Here', connect: ${connect} });
`;
const project = (connect: string) => ({
  'xrun.config.yml': 'plugins: [./acme.ts]\n',
  'acme.ts': plugin(connect),
  'site.yml': site('command: echo hi'),
  'hosts.yml': 'all: {hosts: {h1: {xrun_connection: acme, xrun_host: there}}}\n',
});

test("a host is reached by a plugin's transport, which its variables choose", async () => {
  const { xrun } = world(
    project("(target) => (target.host === 'there' ? here.connect() : Promise.reject(new Error('where?')))"),
  );
  expect(await xrun(['site.yml', '-i', 'hosts.yml'])).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringMatching(/h1 : ok=0 changed=1/) as string,
  });
});

test('what it throws makes the host unreachable', async () => {
  const { xrun } = world(project("() => { throw new Error('no way'); }"));
  const { code, stdout } = await xrun(['site.yml', '-i', 'hosts.yml']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/no way[^]*unreachable=1/);
});
