import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { XrunError } from '../../../diagnostics/errors.ts';
import { Limiter } from '../../../model/limiter.ts';

/** What a configuration says about one host: options by lower-case name, each with all its values. */
export type SshSettings = Map<string, string[]>;

/** Who is asked about. */
export interface Question {
  host: string;
  user?: string;
  port?: number;
  /** Instead of the user's and the system's. */
  file?: string;
}

/** `ssh -G` takes some milliseconds of processor time; more at once than this win nothing. */
const processes = new Limiter(4);
const cache = new Map<string, Promise<SshSettings>>();

/**
 * What the user's SSH configuration says about a host, as OpenSSH itself understands it; by a library where there is
 * no ssh. Nothing where there is no configuration but the system's. Rejects with E_SSH_CONFIG.
 */
export function sshSettings(question: Question): Promise<SshSettings> {
  const file = question.file ?? join(homedir(), '.ssh', 'config');
  if (!existsSync(file)) {
    if (question.file === undefined) return Promise.resolve(new Map());
    return Promise.reject(new XrunError('E_SSH_CONFIG', `the SSH configuration ${file} does not exist`));
  }
  const id = JSON.stringify([question.host, question.user, question.port, file]);
  let answer = cache.get(id);
  if (!answer) {
    answer = processes
      .run(() => askSsh(question))
      .catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return askLibrary(question, file);
        throw error;
      });
    cache.set(id, answer);
  }
  return answer;
}

function askSsh({ host, user, port, file }: Question): Promise<SshSettings> {
  const options = [...(file ? ['-F', file] : []), ...(user ? ['-l', user] : []), ...(port ? ['-p', String(port)] : [])];
  return new Promise((resolve, reject) => {
    execFile('ssh', ['-G', ...options, '--', host], (error, stdout, stderr) => {
      if (!error) resolve(parseSettings(stdout));
      else if (error.code === 'ENOENT') reject(error);
      else reject(new XrunError('E_SSH_CONFIG', stderr.trim() || error.message, { cause: error }));
    });
  });
}

/** The output of `ssh -G`: a name and a value a line, names as often as they have values. */
export function parseSettings(text: string): SshSettings {
  const settings: SshSettings = new Map();
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ');
    if (space > 0) add(settings, line.slice(0, space), line.slice(space + 1));
  }
  return settings;
}

async function askLibrary({ host, user }: Question, file: string): Promise<SshSettings> {
  const { default: SSHConfig } = await import('ssh-config');
  const settings: SshSettings = new Map();
  const computed = SSHConfig.parse(await readFile(file, 'utf8')).compute({
    Host: host,
    ...(user ? { User: user } : {}),
  });
  for (const [name, value] of Object.entries(computed)) for (const one of [value].flat()) add(settings, name, one);
  return settings;
}

function add(settings: SshSettings, name: string, value: string): void {
  const key = name.toLowerCase();
  settings.set(key, [...(settings.get(key) ?? []), value]);
}
