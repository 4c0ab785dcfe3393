import { copyFile, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from './command.ts';
import { accessDir, labDir } from './paths.ts';
import type { LabState } from './state.ts';

/** Private key of the lab's user, and of each host; the public one is beside it with `.pub`. */
export const keyFiles = (lab: string) => ({
  user: join(labDir(lab), 'keys', 'id_ed25519'),
  host: (host: string) => join(labDir(lab), 'keys', host),
});

/** What a client needs to log in, inside the checkout. */
export const accessFiles = (lab: string) => ({
  key: join(accessDir(lab), 'id_ed25519'),
  knownHosts: join(accessDir(lab), 'known_hosts'),
});

/** Makes the throw-away keys that are missing. They outlive a reset, so known_hosts stays true. */
export async function ensureKeys({ name, hosts }: LabState): Promise<void> {
  const files = keyFiles(name);
  await ensureKey(files.user, `xrun lab ${name}`);
  await Promise.all(hosts.map((host) => ensureKey(files.host(host.name), host.name)));
}

/** Copies the user's key into the checkout and writes known_hosts beside it. */
export async function publishKeys({ name, hosts }: LabState): Promise<void> {
  const files = keyFiles(name);
  const access = accessFiles(name);
  await mkdir(dirname(access.key), { recursive: true });
  await copyFile(files.user, access.key); // keeps the mode
  await copyFile(`${files.user}.pub`, `${access.key}.pub`);
  const lines = await Promise.all(
    hosts.map(async (host) => {
      const [type, key] = (await readFile(`${files.host(host.name)}.pub`, 'utf8')).split(' ');
      return `${host.address} ${type} ${key}\n`;
    }),
  );
  await writeFile(access.knownHosts, lines.join(''));
}

async function ensureKey(file: string, comment: string): Promise<void> {
  if (await stat(file).catch(() => undefined)) return;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const unfinished = `${file}.${process.pid}`;
  await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', unfinished]);
  await rename(`${unfinished}.pub`, `${file}.pub`);
  await rename(unfinished, file);
}
