import { existsSync, statSync } from 'node:fs';
import { XrunError } from '../../diagnostics/errors.ts';
import { listedAgent } from '../../connection/transports/ssh/agent.ts';
import { readKey } from '../../connection/transports/ssh/key-file.ts';
import type { Login } from '../../connection/transports/ssh/login.ts';
import { resolveLogin } from '../../connection/transports/ssh/resolve-login.ts';
import type { Target } from '../../model/transport/transport.ts';
import { quote } from '../../model/script.ts';
import { broken, doubtful, fine } from './finding.ts';
import type { Finding } from './finding.ts';

/** What is on this machine to log in with: the SSH configuration, keys, agents, for all these hosts at once. */
export async function loginFindings(targets: readonly Target[]): Promise<Finding[]> {
  const logins: Login[] = [];
  const errors = new Map<string, Finding>();
  for (const target of targets.filter(({ connection }) => connection === 'ssh'))
    await resolveLogin(target).then(
      (login) => logins.push(login),
      (error: unknown) => {
        if (!(error instanceof XrunError)) throw error;
        errors.set(
          error.message,
          broken('ssh_config', error.message, error.hint ?? '`ssh -G HOST` shows what OpenSSH reads.'),
        );
      },
    );
  const agents = await Promise.all([...new Set(logins.map(({ agent }) => agent))].map(agentFinding));
  const keys = [...new Set(logins.flatMap(withJumps).flatMap(({ keyFiles }) => keyFiles.map(({ path }) => path)))];
  const found = await Promise.all(keys.filter((path) => existsSync(path)).map((path) => keyFinding(path, logins)));
  return [...errors.values(), ...agents, ...found.flat()];
}

function withJumps(login: Login): Login[] {
  return login.jump ? [...withJumps(login.jump), login] : [login];
}

async function agentFinding(socket: string | undefined): Promise<Finding> {
  const start = 'Start one and load your keys: `eval "$(ssh-agent)" && ssh-add`; or name a key with `--private-key`.';
  if (socket === undefined) return fine('agent', 'no ssh-agent is used');
  const skipped: string[] = [];
  const agent = await listedAgent(socket, skipped);
  if (!agent) return doubtful('agent', `the ${skipped[0] ?? `agent ${socket}`} does not answer`, start);
  if (agent.size === 0) return doubtful('agent', `the ssh-agent ${socket} has no keys`, 'Load your keys: `ssh-add`.');
  return fine('agent', `the ssh-agent has ${agent.size} ${agent.size === 1 ? 'key' : 'keys'}`);
}

async function keyFinding(path: string, logins: readonly Login[]): Promise<Finding[]> {
  const mode = statSync(path).mode & 0o777;
  const open =
    (mode & 0o077) === 0
      ? []
      : [
          doubtful(
            'keys',
            `others may read ${path}: its mode is ${mode.toString(8).padStart(4, '0')}`,
            `Run \`chmod 600 ${quote(path)}\`; OpenSSH refuses it as it is.`,
          ),
        ];
  const uses = logins
    .flatMap(withJumps)
    .flatMap(({ keyFiles, passphrase }) =>
      keyFiles.filter((key) => key.path === path).map(({ wanted }) => ({ wanted, passphrase })),
    );
  try {
    await readKey(path, uses.find(({ passphrase }) => passphrase !== undefined)?.passphrase);
    return open.length > 0 ? open : [fine('keys', `the key ${path} can be used`)];
  } catch (error) {
    if (!(error instanceof XrunError)) throw error;
    const fix = error.hint ?? 'Name another key with `--private-key`.';
    return [...open, (uses.some(({ wanted }) => wanted) ? broken : doubtful)('keys', error.message, fix)];
  }
}
