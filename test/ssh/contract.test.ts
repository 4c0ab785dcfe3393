import { afterAll, beforeAll, describe } from 'vitest';
import { openShell } from '../../runner/shell/open-shell.ts';
import { shellContract } from '../shell/contract.ts';
import { SshServer } from '../support/ssh-server.ts';

describe.each([
  ['dash', '/bin/dash'],
  ['bash', '/bin/bash'],
  ['busybox', '/bin/busybox'],
])('over ssh, %s', (_name, sh) => {
  let server: SshServer;
  beforeAll(async () => {
    server = await SshServer.start({ sh });
  });
  afterAll(() => server.close());
  shellContract('the shell', () => openShell(server.target()));
});
