import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { simulateHosts } from '../../bench/simulated-hosts.ts';
import { playbook } from '../../bench/workload.ts';
import { playground } from '../support/playground.ts';
import { SshServer } from '../support/ssh-server.ts';

it('the hosts that the bench simulates answer xrun as the one did that they have learnt from', async () => {
  const keys = await SshServer.start();
  const key = readFileSync(keys.keyFile, 'utf8');
  await keys.close();
  const server = await simulateHosts(key, key);
  const login = { xrun_connection: 'ssh', xrun_host: '127.0.0.1', xrun_port: server.port };
  const ground = await playground({}, { one: login, two: login, three: login });
  try {
    // All have the one host's files, as in the bench.
    writeFileSync(
      join(ground.dir, 'site.yml'),
      playbook('twenty', ground.dir).replaceAll('{{ inventory_hostname }}', 'one'),
    );
    writeFileSync(join(ground.dir, 'id'), key, { mode: 0o600 });
    writeFileSync(join(ground.dir, 'known_hosts'), `[127.0.0.1]:${server.port} ${server.hostKey}\n`);
    const connection = { privateKeyFile: join(ground.dir, 'id'), knownHostsFile: join(ground.dir, 'known_hosts') };
    await ground.run({ connection, limit: 'one' });
    server.forget();
    await ground.run({ connection, limit: 'one' });
    const learnt = server.answered.bySh;
    const { summary } = await ground.run({ connection });
    expect(Object.values(summary.stats)).toEqual(
      Array(3).fill(expect.objectContaining({ ok: 20, changed: 0, failed: 0, unreachable: 0 })),
    );
    expect(server.answered.bySh).toBe(learnt);
  } finally {
    server.close();
    await ground.clean();
  }
});
