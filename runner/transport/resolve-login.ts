import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import type { Login } from './login.ts';
import type { Target } from './transport.ts';

/** The keys that OpenSSH tries without being told, in its order of preference. */
const DEFAULT_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/** What it takes to log in to a target. */
export async function resolveLogin(target: Target): Promise<Login> {
  const port = target.port ?? 22;
  const keyFiles = target.privateKeyFile
    ? [{ path: target.privateKeyFile, wanted: true }]
    : DEFAULT_KEYS.map((name) => ({ path: join(homedir(), '.ssh', name), wanted: false }));
  return {
    host: target.host,
    port,
    user: target.user ?? userInfo().username,
    ...(target.password === undefined ? {} : { password: target.password }),
    keyFiles,
    ...(target.passphrase === undefined ? {} : { passphrase: target.passphrase }),
    ...(env.SSH_AUTH_SOCK ? { agent: env.SSH_AUTH_SOCK } : {}),
    forwardAgent: target.forwardAgent ?? false,
    hostKey: {
      name: target.host,
      port,
      acceptNew: target.hostKeys === 'accept-new',
      ...(target.knownHostsFile ? { files: [target.knownHostsFile] } : {}),
    },
    connectTimeout: target.connectTimeout,
    keepalive: { interval: 10_000, count: 3 },
    jumps: [],
  };
}
