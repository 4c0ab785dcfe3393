import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '../../runner/model/events.ts';
import type { RunOptions } from '../../runner/api/index.ts';
import { playground } from './playground.ts';
import type { Played, Playground } from './playground.ts';
import { SshServer } from './ssh-server.ts';

/** A playground whose one host, `node`, is the SSH server of the test's process. */
export interface SshPlayground extends Omit<Playground, 'run'> {
  server: SshServer;
  /** `watch` sees each event as it comes. */
  run(options?: Partial<RunOptions>, watch?: (event: Event) => void): Promise<Played>;
  write(name: string, text: string): Promise<void>;
  read(name: string): Promise<string>;
  /** Jobs that were left on the host since the playground was made. */
  jobs(): Promise<string[]>;
}

export async function overSsh(
  files: Record<string, string> = {},
  vars: Record<string, unknown> = {},
): Promise<SshPlayground> {
  const server = await SshServer.start();
  const login = {
    xrun_connection: 'ssh',
    xrun_host: '127.0.0.1',
    xrun_port: server.port,
    xrun_private_key_file: server.keyFile,
    xrun_known_hosts_file: server.knownHosts,
  };
  const ground = await playground(files, { node: { ...login, ...vars } });
  const all = () => readdir(join(homedir(), '.xrun/jobs')).catch(() => [] as string[]);
  const before = new Set(await all());
  const jobs = async () => (await all()).filter((job) => !before.has(job));
  return {
    ...ground,
    server,
    run: (options, watch) => ground.run(options, watch),
    write: (name, text) => writeFile(join(ground.dir, name), text),
    read: (name) => readFile(join(ground.dir, name), 'utf8'),
    jobs,
    async clean() {
      for (const job of await jobs()) await rm(join(homedir(), '.xrun/jobs', job), { recursive: true, force: true });
      await ground.clean();
      await server.close();
    },
  };
}
