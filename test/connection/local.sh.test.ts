import { openShell } from '../../runner/connection/shell/open-shell.ts';
import { shellContract } from './contract.ts';

shellContract('the local shell', () =>
  openShell({ name: 'localhost', connection: 'local', host: 'localhost', hostKeys: 'strict', connectTimeout: 5000 }),
);
