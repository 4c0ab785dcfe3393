import type { Login } from './login.ts';
import type { SshConnection } from './ssh-connection.ts';

interface Shared {
  connection: Promise<SshConnection>;
  users: number;
}

const shared = new Map<string, Shared>();

/**
 * A connection to a host that others are reached through: one for all of them, closed when the last has gone.
 * `release` has to be called once.
 */
export async function jumpThrough(
  login: Login,
  connect: (login: Login) => Promise<SshConnection>,
): Promise<{ connection: SshConnection; release: () => void }> {
  const id = JSON.stringify(login);
  const jump = shared.get(id) ?? start(id, connect(login));
  jump.users += 1;
  const release = (): void => {
    jump.users -= 1;
    if (jump.users > 0) return;
    if (shared.get(id) === jump) shared.delete(id);
    jump.connection.then((c) => c.close()).catch(() => undefined);
  };
  try {
    return { connection: await jump.connection, release };
  } catch (error) {
    release();
    throw error;
  }
}

function start(id: string, connection: Promise<SshConnection>): Shared {
  const jump: Shared = { connection, users: 0 };
  shared.set(id, jump);
  const forget = (): void => {
    if (shared.get(id) === jump) shared.delete(id);
  };
  connection.then((c) => c.lost.then(forget)).catch(forget);
  return jump;
}
