import { afterAll, beforeAll, describe } from 'vitest';
import { openShell } from '../../runner/connection/shell/open-shell.ts';
import { shellContract } from '../connection/contract.ts';
import { SshServer } from '../support/ssh-server.ts';

/** The contract over SSH with one kind of `sh`. Each kind is in a file of its own, so that they are tried side by side. */
export function contractOverSsh(name: string, sh: string): void {
  describe(`over ssh, ${name}`, () => {
    let server: SshServer;
    beforeAll(async () => {
      server = await SshServer.start({ sh });
    });
    afterAll(() => server.close());
    shellContract('the shell', () => openShell(server.target()));
  });
}
