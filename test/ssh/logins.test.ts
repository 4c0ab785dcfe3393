import { afterEach, beforeEach, expect, it } from 'vitest';
import { overSsh } from '../support/over-ssh.ts';
import type { SshPlayground } from '../support/over-ssh.ts';

let ground: SshPlayground;
beforeEach(async () => {
  ground = await overSsh();
});
afterEach(() => ground.clean());

it('remote_user and connection variables of plays, blocks and tasks say who logs in, each once', async () => {
  await ground.write(
    'site.yml',
    `
- hosts: all
  remote_user: root
  tasks:
    - {name: as root, ping: }
    - {name: as admin, ping: , remote_user: "{{who}}", vars: {who: admin}}
    - {name: as root again, ping: }
    - block: [{name: as a block says, ping: }]
      vars: {ansible_user: blocky}
- hosts: all
  vars: {ansible_user: deploy}
  remote_user: weaker
  tasks:
    - {name: as deploy, ping: }
    - {name: on the controller, command: 'true', connection: local, changed_when: false, vars: {xrun_connection: local}}
- hosts: all
  tasks:
    - {name: as the command line says, ping: }
    - {name: as admin over the same connection, ping: , remote_user: admin}
`,
  );
  const { summary } = await ground.run({ connection: { user: 'cli' } });
  expect(summary.stats.node).toMatchObject({ ok: 8, failed: 0, unreachable: 0 });
  expect(ground.server.users).toEqual(['root', 'admin', 'blocky', 'deploy', 'cli']);
});

it("facts are gathered by the play's log-in", async () => {
  await ground.write(
    'site.yml',
    `
- hosts: all
  remote_user: admin
  tasks:
    - {name: say, debug: {msg: "{{type facts.hostname}}"}}
`,
  );
  const { messages } = await ground.run();
  expect(messages).toEqual(['node: text']);
  expect(ground.server.users).toEqual(['admin']);
});

it('a wrong port in a play is a host that cannot be reached, not one that was asked by another way', async () => {
  await ground.write(
    'site.yml',
    `
- hosts: all
  vars: {xrun_port: 1}
  tasks: [{name: away, ping: }]
`,
  );
  const { ends } = await ground.run();
  expect(ends).toEqual(['node away: unreachable']);
  expect(ground.server.users).toEqual([]);
});

it('a host that is still booting is waited for, and is unreachable to who does not wait', async () => {
  await ground.write(
    'site.yml',
    `
- hosts: all
  gather_facts: false
  tasks:
    - block: [{name: too early, ping: }]
      rescue: [{name: until it is there, wait_for_connection: {timeout: 120}}]
    - {name: there, ping: }
`,
  );
  Object.assign(ground.server.faults, { refuseConnections: 1_000_000 });
  const { ends } = await ground.run({ connection: { connectTimeoutMs: 1000 } }, (event) => {
    if (event.type === 'task_end' && event.task === 'too early')
      setTimeout(() => Object.assign(ground.server.faults, { refuseConnections: 0 }), 1500);
  });
  expect(ends).toEqual(['node too early: rescued', 'node until it is there: ok', 'node there: ok']);
});
