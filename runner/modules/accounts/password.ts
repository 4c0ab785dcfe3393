import type { User } from './account-state.ts';

export interface PasswordWanted {
  password?: string | undefined;
  password_lock?: boolean | undefined;
  update_password: 'always' | 'on_create';
}

const isLocked = (field: string) => field.startsWith('!');
/** The hash without a lock. */
export const unlocked = (field: string) => field.replace(/^!+/, '');

/**
 * What /etc/shadow is to say in place of the password; undefined where it says that already. A lock, a `!` in front of
 * the hash, is kept unless the task speaks of it.
 */
export function wantedPassword(
  { password, password_lock, update_password }: PasswordWanted,
  user: User | undefined,
): string | undefined {
  const found = user?.password ?? '!';
  const given = user && update_password === 'on_create' ? undefined : password;
  const hash = given === undefined ? unlocked(found) : unlocked(given);
  const fresh = given !== undefined && (user === undefined || hash !== unlocked(found));
  const lock = password_lock ?? (fresh ? isLocked(given) : isLocked(found));
  if (hash === unlocked(found) && lock === isLocked(found)) return undefined;
  return (lock ? '!' : '') + hash;
}

/** A password's field as it may be shown. */
export function shownPassword(field: string): string {
  const hash = unlocked(field);
  const kind = hash === '' ? 'no password' : hash === '*' ? 'none' : 'a hash';
  return isLocked(field) ? (hash === '' || hash === '*' ? 'locked' : `${kind}, locked`) : kind;
}
