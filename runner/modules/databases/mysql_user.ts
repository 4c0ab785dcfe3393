import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Diff } from '../../model/events.ts';
import { flag, text } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { Decision } from '../../model/module.ts';
import { grantChanges, grantsOf, shownGrants } from './mysql/grants.ts';
import type { Grants } from './mysql/grants.ts';
import { LOGIN_SYNONYMS, loginSecrets, mysqlLogin } from './mysql/login.ts';
import { byMysql, sqlStep } from './mysql/speaker.ts';
import type { Asked } from './mysql/speaker.ts';
import { account, literal, name as quoted } from './mysql/words.ts';

const args = z
  .strictObject({
    name: text.describe('Name of the user.'),
    host: text.default('localhost').describe('The host that the user comes from; `%`: any.'),
    host_all: flag.default(false).describe('Every host that the user has an entry for.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether the server has the user.'),
    password: text.optional().describe('The password. MariaDB is given its hash only.'),
    encrypted: flag.default(false).describe('The password is a hash of mysql_native_password: `*` and 40 digits.'),
    update_password: z
      .enum(['always', 'on_create', 'on_new_username'])
      .default('always')
      .describe('When the password is set: whenever it is another one, or only with a new user.'),
    plugin: text.optional().describe('How the user logs in, such as `unix_socket`.'),
    priv: z
      .union([z.string(), z.record(z.string(), z.string())], 'expected privileges such as shop.*:ALL')
      .refine((value) => grantsProblem(value) === undefined, {
        error: ({ input }) => grantsProblem(input as string) ?? '',
      })
      .optional()
      .describe(
        'The privileges: `shop.*:SELECT,INSERT/mysql.*:SELECT`, or a mapping; `GRANT` lets the user pass them on.',
      ),
    append_privs: flag.default(false).describe('Leave other privileges as they are.'),
    subtract_privs: flag.default(false).describe('Take the privileges away.'),
    sql_log_bin: flag.default(true).describe('Write the changes to the binary log.'),
    column_case_sensitive: flag.default(true).describe("Taken for Ansible's sake: names are never changed."),
    ...mysqlLogin,
  })
  .refine((all) => !(all.append_privs && all.subtract_privs), {
    message: 'append_privs and subtract_privs exclude each other',
    path: ['append_privs'],
  })
  .refine(
    ({ encrypted, password = '*' }) => !encrypted || password === '' || /^\*[0-9A-Fa-f]{40}$|^\*$/.test(password),
    {
      message: 'expected * and 40 hexadecimal digits',
      path: ['password'],
    },
  );

type Args = z.output<typeof args>;

interface User {
  host: string;
  plugin: string;
  hash: string;
  grants: Grants;
}
interface State {
  version: string;
  users: User[];
}

export default defineModule<typeof args, Asked<State>>({
  name: 'mysql_user',
  summary: 'Manage a user of MariaDB or MySQL: password and privileges',
  notes: [
    'Without `append_privs` and `subtract_privs` the user has exactly the privileges that `priv` says; without `priv` none is touched.',
    'Run with MariaDB; not run here with MySQL, where a password of caching_sha2_password is set in every run, unless `update_password` is `on_create`.',
  ],
  examples: `
- mysql_user: {name: shop, host: '%', password: '{{ shop_password }}', priv: 'shop.*:ALL'}
- mysql_user: {name: '', host_all: true, state: absent}
`,
  returns: { user: 'The user.', password_changed: 'Whether the password became another one.' },
  args,
  synonyms: { user: 'name', ...LOGIN_SYNONYMS },
  secrets: (all) => [
    ...loginSecrets(all),
    // A server that refuses a statement prints a part of it, and the hash is in there.
    ...(all.password ? [all.password, nativeHash(all.password).slice(1)] : []),
  ],
  ...byMysql<Args, State>({ asks, parse, decide }),
});

function grantsProblem(value: string | Record<string, string>): string | undefined {
  try {
    return void grantsOf(value);
  } catch (error) {
    return (error as Error).message;
  }
}

function asks({ name, host, host_all }: Args): string {
  const of = `User = ${literal(name)}${host_all ? '' : ` AND Host = ${literal(host.toLowerCase())}`}`;
  return `SELECT JSON_OBJECT('version', VERSION());
SELECT JSON_OBJECT('host', Host, 'plugin', plugin, 'hash', coalesce(authentication_string, '')) FROM mysql.user WHERE ${of};
SELECT CONCAT('SHOW GRANTS FOR ', QUOTE(User), '@', QUOTE(Host), ';') FROM mysql.user WHERE ${of};`;
}

function parse(rows: Record<string, unknown>[]): State {
  const lines = rows.flatMap(({ line }) => (typeof line === 'string' ? [line] : []));
  const users = rows.filter((row) => 'host' in row) as unknown as Omit<User, 'grants'>[];
  const version = rows.find((row) => 'version' in row)?.['version'];
  if (typeof version !== 'string') throw new Error('the database server did not say its version');
  const hostOf = (line: string) => / TO (?:`(?:[^`]|``)*`|'[^']*')@[`']([^`']*)[`']/.exec(line)?.[1];
  return {
    version,
    users: users.map((user) => ({ ...user, grants: shownGrants(lines.filter((line) => hostOf(line) === user.host)) })),
  };
}

function decide(args: Args, { version, users }: State): Decision<State> {
  const diff: Diff[] = [];
  const sql: string[] = [];
  const missing = users.length === 0 && args.state === 'present';
  if (missing && args.host_all)
    return {
      kind: 'fail',
      message: `the user ${args.name} does not exist, and host_all does not say for which host to make one`,
      hint: 'Say `host: ...`.',
    };
  const all: (User | undefined)[] = missing ? [undefined] : users;
  for (const user of all) {
    const host = user?.host ?? args.host;
    const who = `user ${args.name}@${host}`;
    const one = { args, user, who, of: account(args.name, host), mariadb: /mariadb/i.test(version), diff, sql };
    if (args.state === 'absent') remove(one);
    else keep(one);
  }
  const result = { user: args.name, password_changed: diff.some(({ what }) => what.endsWith(' password')) };
  return sql.length === 0 ? { kind: 'ok', result } : { kind: 'change', diff, steps: [log(args, sql)], result };
}

const log = (args: Args, sql: readonly string[]) =>
  sqlStep(args, args.sql_log_bin ? sql : ['SET SQL_LOG_BIN = 0', ...sql]);

/** One entry, and where its differences and statements go. */
interface Entry {
  args: Args;
  user: User | undefined;
  who: string;
  of: string;
  mariadb: boolean;
  diff: Diff[];
  sql: string[];
}

function remove({ user, who, of, diff, sql }: Entry): void {
  diff.push({ what: who, before: shown(user?.grants ?? {}), after: null });
  sql.push(`DROP USER ${of}`);
}

function keep(entry: Entry): void {
  const { args, user, who, of, diff, sql } = entry;
  const identified = identifiedBy(entry);
  if (user === undefined) {
    diff.push({ what: who, before: null, after: args.priv === undefined ? 'present' : shown(grantsOf(args.priv)) });
    sql.push(`CREATE USER ${of}${identified ?? ''}`);
  } else if (identified !== undefined && args.update_password === 'always') {
    const what = `${who} ${args.plugin === undefined ? 'password' : 'plugin'}`;
    diff.push({
      what,
      before: args.plugin === undefined ? '(another one)' : user.plugin,
      after: args.plugin ?? '(as given)',
    });
    sql.push(`ALTER USER ${of}${identified}`);
  }
  if (args.priv !== undefined) privileges(entry, args.priv);
}

/** How the user is identified, where that is another way than it is now. */
function identifiedBy({ args, user, mariadb }: Entry): string | undefined {
  const { password, plugin, encrypted } = args;
  if (plugin !== undefined)
    return plugin === user?.plugin ? undefined : ` IDENTIFIED ${mariadb ? 'VIA' : 'WITH'} ${quoted(plugin)}`;
  if (password === undefined) return undefined;
  const hash = password === '' ? '' : encrypted ? password.toUpperCase() : nativeHash(password);
  if (user !== undefined && user.plugin !== 'caching_sha2_password' && user.hash.toUpperCase() === hash)
    return undefined;
  if (hash === '') return mariadb ? " IDENTIFIED BY ''" : " IDENTIFIED BY ''";
  if (mariadb) return ` IDENTIFIED BY PASSWORD ${literal(hash)}`;
  return encrypted
    ? ` IDENTIFIED WITH mysql_native_password AS ${literal(hash)}`
    : ` IDENTIFIED BY ${literal(password)}`;
}

/** What the server keeps of a password. */
function nativeHash(password: string): string {
  const sha1 = (data: string | Buffer) => createHash('sha1').update(data).digest();
  return `*${sha1(sha1(password)).toString('hex').toUpperCase()}`;
}

function privileges({ args, user, who, of, diff, sql }: Entry, priv: string | Record<string, string>): void {
  const found = user?.grants ?? {};
  const wanted = grantsOf(priv);
  const { grant, revoke } = grantChanges(
    found,
    wanted,
    args.append_privs ? 'append' : args.subtract_privs ? 'subtract' : 'exactly',
  );
  for (const [on, list] of Object.entries(revoke)) sql.push(...statements('REVOKE', on, list, of));
  for (const [on, list] of Object.entries(grant)) sql.push(...statements('GRANT', on, list, of));
  if (user === undefined) return;
  for (const on of new Set([...Object.keys(revoke), ...Object.keys(grant)])) {
    const left = (found[on] ?? []).filter((one) => !revoke[on]?.includes(one));
    const after = [...left, ...(grant[on] ?? [])].join(', ');
    diff.push({ what: `${who} on ${on}`, before: found[on]?.join(', ') || null, after: after || null });
  }
}

function statements(verb: 'GRANT' | 'REVOKE', on: string, list: readonly string[], of: string): string[] {
  const [database = '', table = ''] = [on.slice(0, on.indexOf('.')), on.slice(on.indexOf('.') + 1)];
  const target = [database, table].map((one) => (one === '*' ? one : quoted(one))).join('.');
  const words = list
    .filter((one) => one !== 'GRANT')
    .map((one) => one.replace(/\((.*)\)/, (_, columns: string) => `(${columns.split(', ').map(quoted).join(', ')})`));
  const option = list.includes('GRANT');
  if (verb === 'GRANT')
    return [`GRANT ${words.join(', ') || 'USAGE'} ON ${target} TO ${of}${option ? ' WITH GRANT OPTION' : ''}`];
  return [
    ...(words.length > 0 ? [`REVOKE ${words.join(', ')} ON ${target} FROM ${of}`] : []),
    ...(option ? [`REVOKE GRANT OPTION ON ${target} FROM ${of}`] : []),
  ];
}

const shown = (grants: Grants) =>
  Object.entries(grants)
    .map(([on, list]) => `${on}: ${list.join(', ') || 'nothing'}`)
    .join('\n') || 'present';
