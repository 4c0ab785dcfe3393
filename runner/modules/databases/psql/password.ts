import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';

const ITERATIONS = 4096;

/** How a server keeps passwords: the setting password_encryption. */
export type Encryption = 'md5' | 'scram-sha-256';

/** Whether a text is what PostgreSQL itself keeps of a password. */
export const isHash = (password: string) => /^md5[0-9a-f]{32}$|^SCRAM-SHA-256\$\d+:/.test(password);

/** What PostgreSQL keeps of a password: the text of a user's task never reaches the server, nor its log. `salt`: hex. */
export function hashOf(password: string, user: string, encryption: Encryption, salt: string): string {
  if (isHash(password)) return password;
  return encryption === 'md5' ? md5(password, user) : scram(password, Buffer.from(salt, 'hex'), ITERATIONS);
}

/** Whether what is kept is of this password, in the way that the server keeps new ones. */
export function isPasswordOf(kept: string, password: string, user: string, encryption: Encryption): boolean {
  if (isHash(password)) return same(kept, password);
  const [, iterations, salt] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$/.exec(kept) ?? [];
  if (salt === undefined || iterations === undefined) return encryption === 'md5' && same(kept, md5(password, user));
  return same(kept, scram(password, Buffer.from(salt, 'base64'), Number(iterations)));
}

const md5 = (password: string, user: string) =>
  `md5${createHash('md5')
    .update(password + user)
    .digest('hex')}`;

/** The verifier of RFC 5802 as pg_authid has it. Passwords are normalized as RFC 4013 says, in so far as NFKC does. */
function scram(password: string, salt: Buffer, iterations: number): string {
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, iterations, 32, 'sha256');
  const key = (of: string) => createHmac('sha256', salted).update(of).digest();
  const stored = createHash('sha256').update(key('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${key('Server Key').toString('base64')}`;
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
