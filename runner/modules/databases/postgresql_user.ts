import * as z from 'zod';
import type { Diff } from '../../model/events.ts';
import { flag, text, whole } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { Decision } from '../../model/module.ts';
import { loginSecrets, psqlLogin } from './psql/login.ts';
import { hashOf, isPasswordOf } from './psql/password.ts';
import { FLAGS, flagsOf, roleFlags } from './psql/role-flags.ts';
import { byPsql, sqlStep } from './psql/speaker.ts';
import type { Asked } from './psql/speaker.ts';
import { literal, name as quoted } from './psql/words.ts';

const args = z.strictObject({
  name: text.describe('Name of the role.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the server has it.'),
  password: text
    .optional()
    .describe(
      'Its password, or what PostgreSQL keeps of one (`md5...`, `SCRAM-SHA-256$...`); an empty one: none. The server is given a hash only.',
    ),
  no_password_changes: flag.default(false).describe('Leave the password of a role that is there as it is.'),
  encrypted: flag.default(true).describe("Taken for Ansible's sake: passwords are always kept as hashes."),
  role_attr_flags: roleFlags
    .default([])
    .describe('What it may do: `[CREATEDB, NOSUPERUSER]`, or one text with commas.'),
  conn_limit: whole.optional().describe('How many connections it may have at a time; -1: any number.'),
  expires: text.optional().describe('When its password ends: a date as PostgreSQL reads it, or `infinity`.'),
  comment: text.optional().describe('Its comment.'),
  configuration: z.record(z.string(), text).optional().describe('Settings of its sessions: `{search_path: shop}`.'),
  reset_unspecified_configuration: flag.default(false).describe('Take back its other settings.'),
  fail_on_user: flag.default(true).describe('Fail where it cannot be removed, since things belong to it.'),
  db: text.default('postgres').describe('The database to log in to.'),
  session_role: text.optional().describe('The role to become after logging in.'),
  ...psqlLogin,
});

type Args = z.output<typeof args>;

interface Role {
  flags: Record<string, boolean>;
  password: string | null;
  conn_limit: string;
  expires: string | null;
  /** Whether `expires` is what the task says, whatever its spelling. */
  expires_same: boolean | null;
  comment: string;
  configuration: Record<string, string>;
}

interface State {
  /** How the server keeps new passwords. */
  encryption: 'md5' | 'scram-sha-256';
  /** Hex, for a new hash. */
  salt: string;
  role?: Role;
}

export default defineModule<typeof args, Asked<State>>({
  name: 'postgresql_user',
  summary: 'Manage a role of PostgreSQL: its password, and what it may do',
  notes: [
    'Run it as the user of the server: `become_user: postgres`.',
    'Whether a password is right is found out from its hash, which only superusers may read; others change it in every run, unless `no_password_changes` is given.',
    'Privileges in databases: `postgresql_privs`.',
  ],
  examples: `
- postgresql_user: {name: shop, password: '{{ shop_password }}', role_attr_flags: [CREATEDB, NOSUPERUSER]}
  become: true
  become_user: postgres
`,
  returns: { user: 'The user.', queries: 'The statements that were run.' },
  args,
  synonyms: {
    user: 'name',
    login_db: 'db',
    port: 'login_port',
    ssl_rootcert: 'ca_cert',
    unix_socket: 'login_unix_socket',
  },
  secrets: (all) => [...loginSecrets(all), ...(all.password ? [all.password] : [])],
  ...byPsql<Args, State>({ database: ({ db }) => db, asks, parse, decide }),
});

function asks({ name, expires }: Args): string {
  const flags = Object.entries(FLAGS).map(([flag, column]) => `${literal(flag)}, r.${column}`);
  const same =
    expires === undefined ? 'null' : `coalesce(r.rolvaliduntil, 'infinity') = ${literal(expires)}::timestamptz`;
  return `SELECT json_build_object('encryption', current_setting('password_encryption'), 'salt', md5(random()::text || random()::text || clock_timestamp()::text));
SELECT json_build_object('flags', json_build_object(${flags.join(', ')}), 'conn_limit', r.rolconnlimit::text,
 'expires', r.rolvaliduntil::text, 'expires_same', ${same}, 'comment', coalesce(shobj_description(r.oid, 'pg_authid'), ''), 'configuration', coalesce(r.rolconfig, '{}'))
FROM pg_roles r WHERE r.rolname = ${literal(name)};
SELECT has_table_privilege('pg_catalog.pg_authid', 'SELECT') AS may \\gset
\\if :may
SELECT json_build_object('password', rolpassword) FROM pg_catalog.pg_authid WHERE rolname = ${literal(name)};
\\endif`;
}

function parse(rows: Record<string, unknown>[]): State {
  const server = rows.find((row) => 'encryption' in row);
  if (server === undefined) throw new Error('PostgreSQL did not say how it keeps passwords');
  const role = rows.find((row) => 'flags' in row) as
    | (Omit<Role, 'configuration'> & { configuration: string[] })
    | undefined;
  const { password } = (rows.find((row) => 'password' in row) ?? {}) as { password?: string | null };
  const encryption = server['encryption'] === 'md5' || server['encryption'] === 'on' ? 'md5' : 'scram-sha-256';
  const salt = String(server['salt']);
  if (role === undefined) return { encryption, salt };
  const configuration = Object.fromEntries(
    role.configuration.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
  );
  return { encryption, salt, role: { ...role, password: password ?? null, configuration } };
}

function decide(args: Args, state: State): Decision<State> {
  const { name, db, session_role } = args;
  const { role } = state;
  const result = { user: name };
  const change = (diff: Diff[], sql: string[]): Decision<State> => {
    const all = session_role === undefined ? sql : [`SET ROLE ${quoted(session_role)}`, ...sql];
    const step = sqlStep(args, db, all);
    return {
      kind: 'change',
      diff,
      steps: [step],
      result: { ...result, queries: sql.map((one) => one.replace(/PASSWORD '[^']*'/, "PASSWORD '********'")) },
    };
  };
  if (args.state === 'absent')
    return role === undefined
      ? { kind: 'ok', result }
      : change([{ what: `role ${name}`, before: described(role), after: null }], [removal(args)]);
  const { diff, sql } = differences(args, state);
  if (role === undefined)
    return change(
      [
        {
          what: `role ${name}`,
          before: null,
          after: diff.map(({ what, after }) => `${what.slice(name.length + 6)} ${after}`).join(', ') || 'present',
        },
      ],
      [`CREATE ROLE ${quoted(name)} LOGIN`, ...sql],
    );
  return diff.length === 0 ? { kind: 'ok', result } : change(diff, sql);
}

/** A role that owns something cannot be removed: where that is no failure, its error is caught. */
function removal({ name, fail_on_user }: Args): string {
  const drop = `DROP ROLE ${quoted(name)}`;
  return fail_on_user
    ? drop
    : `DO $xrun$ BEGIN ${drop}; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END $xrun$`;
}

const described = ({ flags }: Role) =>
  Object.entries(flags)
    .map(([flag, on]) => (on ? flag : `NO${flag}`))
    .join(', ');

/** Each thing that differs from what the task says, and the statement for it. */
function differences(args: Args, { role, encryption, salt }: State): { diff: Diff[]; sql: string[] } {
  const diff: Diff[] = [];
  const sql: string[] = [];
  const of = quoted(args.name);
  const differs = (what: string, before: string | null, after: string | null, statement: string) => {
    diff.push({ what: `role ${args.name} ${what}`, before, after });
    sql.push(statement);
  };
  for (const [flag, on] of flagsOf(args.role_attr_flags)) {
    if ((role?.flags[flag] ?? flag === 'LOGIN') === on) continue;
    const word = on ? flag : `NO${flag}`;
    differs(flag, role ? String(role.flags[flag] ?? false) : null, String(on), `ALTER ROLE ${of} ${word}`);
  }
  if (args.password !== undefined && !(role && args.no_password_changes)) {
    const { password } = args;
    const kept = role?.password ?? '';
    const right = password === '' ? kept === '' : isPasswordOf(kept, password, args.name, encryption);
    const hash = password === '' ? 'NULL' : literal(hashOf(password, args.name, encryption, salt));
    if (!right)
      differs(
        'password',
        role ? '(another one)' : null,
        password === '' ? '(none)' : '(as given)',
        `ALTER ROLE ${of} PASSWORD ${hash}`,
      );
  }
  if (args.conn_limit !== undefined && String(args.conn_limit) !== (role?.conn_limit ?? '-1'))
    differs(
      'conn_limit',
      role?.conn_limit ?? null,
      String(args.conn_limit),
      `ALTER ROLE ${of} CONNECTION LIMIT ${args.conn_limit}`,
    );
  if (args.expires !== undefined && !(role ? role.expires_same : args.expires === 'infinity'))
    differs('expires', role?.expires ?? null, args.expires, `ALTER ROLE ${of} VALID UNTIL ${literal(args.expires)}`);
  if (args.comment !== undefined && args.comment !== (role?.comment ?? ''))
    differs('comment', role?.comment ?? null, args.comment, `COMMENT ON ROLE ${of} IS ${literal(args.comment)}`);
  const found = role?.configuration ?? {};
  for (const [key, value] of Object.entries(args.configuration ?? {}))
    if (found[key] !== value)
      differs(key, found[key] ?? null, value, `ALTER ROLE ${of} SET ${quoted(key)} TO ${literal(value)}`);
  if (args.reset_unspecified_configuration)
    for (const key of Object.keys(found).filter((one) => args.configuration?.[one] === undefined))
      differs(key, found[key] ?? null, null, `ALTER ROLE ${of} RESET ${quoted(key)}`);
  return { diff, sql };
}
