import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { localHosts, world } from './world.ts';

/** Fails on the hosts that `broken` names. */
const site = `
- hosts: all
  tasks:
    - fail: {msg: broken}
      when: inventory_hostname in split(broken, ",")
`;
const files = { 'inv.yml': localHosts, 'site.yml': site, 'xrun.config.yml': 'inventory: inv.yml\n' };
const hostsOf = (stdout: string) => [...stdout.matchAll(/^(h\d) : /gm)].map(([, host]) => host);

test('a run that fails names the command that retries; that takes the failed hosts, until none is left', async () => {
  const { xrun } = world(files);
  const first = await xrun(['site.yml', '-i', 'inv.yml', '-e', 'broken=h2']);
  expect(first).toMatchObject({
    code: 1,
    stderr: 'retry them: xrun site.yml -i inv.yml -e ... --retry-failed\n',
  });
  expect(hostsOf(first.stdout)).toEqual(['h1', 'h2']);
  const retry = ['site.yml', '-i', 'inv.yml', '-e', 'broken=h1', '--retry-failed'];
  expect((await xrun([...retry, '--list-hosts'])).stdout).toContain('  1 host:\n    h2\n');
  const second = await xrun(retry);
  expect({ code: second.code, hosts: hostsOf(second.stdout) }).toEqual({ code: 0, hosts: ['h2'] });
  expect(await xrun(retry)).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'error[E_RETRY]: no failed hosts are recorded for site.yml\n' +
      '  hint: The last run of the same playbooks with the same inventories did not fail, or there was none.\n',
  });
});

test('a check records nothing; the inventory may come from the configuration', async () => {
  const { dir, xrun } = world(files);
  const check = await xrun(['site.yml', '-e', 'broken=h1', '--check']);
  expect(check).toMatchObject({ code: 1, stderr: '' });
  expect(existsSync(path.join(dir, '.xrun'))).toBe(false);
  await xrun(['site.yml', '-e', 'broken=h1']);
  const again = await xrun(['site.yml', '-e', 'broken=none', '--retry-failed', '--check']);
  expect({ code: again.code, hosts: hostsOf(again.stdout) }).toEqual({ code: 0, hosts: ['h1'] });
});

test('unreachable hosts are retried; a host that left the inventory is named', async () => {
  const away = 'h3: {xrun_connection: ssh, xrun_host: 127.0.0.1, xrun_port: 1}';
  const { dir, xrun } = world({
    ...files,
    'site.yml': '- {hosts: all, gather_facts: false, tasks: [{ping: }]}\n',
    'inv.yml': localHosts.replace('h2: {}', `h2: {}, ${away}`),
  });
  const { code } = await xrun(['site.yml', '-i', 'inv.yml']);
  expect(code).toBe(1);
  writeFileSync(path.join(dir, 'inv.yml'), localHosts);
  const retry = await xrun(['site.yml', '-i', 'inv.yml', '--retry-failed']);
  expect(retry.code).toBe(2);
  expect(retry.stderr).toContain('error[E_RETRY]: hosts that failed in the last run are not in the inventory: h3\n');
});

test('--limit excludes --retry-failed', async () => {
  const { code, stderr } = await world(files).xrun(['site.yml', '-l', 'h1', '--retry-failed']);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: "error: option '--retry-failed' cannot be used with option '-l, --limit <pattern>'\n",
  });
});
