import { argv } from '../../model/script.ts';
import { setField } from './busybox.ts';
import type { Ageing, User } from './account-state.ts';
import type { Difference } from './difference.ts';

export interface AgeingWanted {
  name: string;
  password_expire_min?: number | undefined;
  password_expire_max?: number | undefined;
  password_expire_warn?: number | undefined;
  password_expire_account_disable?: number | undefined;
}

/** Argument, what it is called in shadow(5), chage's option, the field of /etc/shadow. */
const LIMITS = [
  ['password_expire_min', 'min', '-m', 4],
  ['password_expire_max', 'max', '-M', 5],
  ['password_expire_warn', 'warn', '-W', 6],
  ['password_expire_account_disable', 'inactive', '-I', 7],
] as const satisfies [keyof AgeingWanted, keyof Ageing, string, number][];

/** Whether a task speaks of the age of passwords. */
export function speaksOfAge(wanted: Omit<AgeingWanted, 'name'>): boolean {
  return LIMITS.some(([argument]) => wanted[argument] !== undefined);
}

/** The limits of a password's age that differ; below 0 means none. */
export function ageingDifferences(wanted: AgeingWanted, user: User | undefined): Difference[] {
  return LIMITS.flatMap(([argument, name, option, field]) => {
    const days = wanted[argument];
    const found = user?.ageing?.[name];
    if (days === undefined || (days < 0 ? found === undefined : days === found)) return [];
    const before = found === undefined ? null : `${found} days`;
    const after = days < 0 ? null : `${days} days`;
    const text = days < 0 ? '' : String(days);
    return [
      {
        what: `user ${wanted.name} ${argument}`,
        before,
        after,
        options: [],
        scripts: [setField('/etc/shadow', wanted.name, field, text)],
        behind: [argv('chage', option, String(Math.max(days, -1)), wanted.name)],
      },
    ];
  });
}
