import * as z from 'zod';

/** What a role may do, and the columns of pg_roles that say so. */
export const FLAGS: Readonly<Record<string, string>> = {
  SUPERUSER: 'rolsuper',
  CREATEROLE: 'rolcreaterole',
  CREATEDB: 'rolcreatedb',
  INHERIT: 'rolinherit',
  LOGIN: 'rolcanlogin',
  REPLICATION: 'rolreplication',
  BYPASSRLS: 'rolbypassrls',
};

/** A list of such words, or one text with commas; each may have NO in front. CREATEUSER is the old word for SUPERUSER. */
export const roleFlags = z
  .union([z.string().transform((text) => text.split(',')), z.array(z.string())], 'expected attributes of a role')
  .transform((all) =>
    all
      .map((one) =>
        one
          .trim()
          .toUpperCase()
          .replace(/^(NO)?CREATEUSER$/, '$1SUPERUSER'),
      )
      .filter(Boolean),
  )
  .refine(
    (all) => all.every((one) => one.replace(/^NO/, '') in FLAGS),
    `expected ${Object.keys(FLAGS).join(', ')}, or one of them with NO in front`,
  );

/** The words as switches. */
export function flagsOf(words: readonly string[]): [flag: string, on: boolean][] {
  return words.map((word) => (word in FLAGS ? [word, true] : [word.slice(2), false]));
}
