import * as z from 'zod';
import type { Diff } from '../../model/events.ts';
import { flag, text, words } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { lacking } from '../shared/program.ts';
import { KINDS, asksPrivileges } from './psql/acl.ts';
import type { Acl } from './psql/acl.ts';
import { loginSecrets, psqlLogin } from './psql/login.ts';
import { byPsql, sqlStep } from './psql/speaker.ts';
import type { Asked } from './psql/speaker.ts';
import { name as quoted } from './psql/words.ts';

const args = z
  .strictObject({
    database: text.describe('The database to log in to, in which the objects are.'),
    roles: words.describe('The roles: a list, or one text with commas; PUBLIC is every role.'),
    privs: words
      .transform((all) =>
        all.map((one) =>
          one
            .toUpperCase()
            .replace(/^TEMP$/, 'TEMPORARY')
            .replace(/^ALL PRIVILEGES$/, 'ALL'),
        ),
      )
      .optional()
      .describe('The privileges: a list, or one text with commas; ALL is every one that objects of the type have.'),
    type: z
      .enum(KINDS)
      .default('table')
      .describe('What kind of objects; `group`: the roles become members of the objects.'),
    objs: words
      .optional()
      .describe(
        'The objects: a list, or one text with commas; ALL_IN_SCHEMA is each of the schema. By default the database. Functions with their arguments, with colons between them: `add(int:int)`.',
      ),
    schema: text.default('public').describe('The schema that has the objects.'),
    grant_option: flag
      .optional()
      .describe('Whether the roles may pass the privileges on; where not given, that is left as it is.'),
    state: z.enum(['present', 'absent']).default('present').describe('Granted, or revoked.'),
    fail_on_role: flag.default(true).describe('Fail where a role does not exist; otherwise it is left out.'),
    session_role: text.optional().describe('The role to become after logging in.'),
    ...psqlLogin,
  })
  .refine(({ type, privs }) => type === 'group' || privs !== undefined, { message: 'expected privs', path: ['privs'] })
  .refine(({ type, objs }) => type === 'database' || objs !== undefined, { message: 'expected objs', path: ['objs'] });

type Args = z.output<typeof args>;

interface State {
  /** Those of the task that exist. */
  roles: string[];
  objects: Acl[];
}

export default defineModule<typeof args, Asked<State>>({
  name: 'postgresql_privs',
  summary: 'Grant and revoke privileges on objects of PostgreSQL',
  notes: [
    'Run it as the user of the server: `become_user: postgres`.',
    'Default privileges of objects to come (`default_privs`) are not managed: `postgresql_query` does that.',
  ],
  examples: `
- postgresql_privs: {database: shop, roles: reader, privs: [SELECT], objs: ALL_IN_SCHEMA}
- postgresql_privs: {database: shop, roles: shop, type: database, privs: ALL}
- postgresql_privs: {database: shop, roles: 'ina,otto', type: group, objs: staff}
`,
  returns: { queries: 'The statements that were run.' },
  args,
  synonyms: {
    db: 'database',
    login_db: 'database',
    role: 'roles',
    priv: 'privs',
    obj: 'objs',
    admin_option: 'grant_option',
    login: 'login_user',
    password: 'login_password',
    host: 'login_host',
    port: 'login_port',
    ssl_rootcert: 'ca_cert',
    unix_socket: 'login_unix_socket',
  },
  secrets: loginSecrets,
  ...byPsql<Args, State>({
    database: ({ database }) => database,
    asks: (all) => asksPrivileges(all.type, objectsOf(all), all.schema, all.roles),
    parse: (rows) => ({
      roles: rows.flatMap((row) => ('role' in row ? [String(row['role'])] : [])),
      objects: rows.filter((row) => 'object' in row) as unknown as Acl[],
    }),
    decide,
  }),
});

/** Undefined: all of the schema. */
function objectsOf({ objs, type, database }: Args): string[] | undefined {
  if (objs === undefined) return type === 'database' ? [database] : [];
  return objs.includes('ALL_IN_SCHEMA') ? undefined : objs;
}

function decide(args: Args, state: State, context: DecideContext): Decision<State> {
  const lost = args.roles.find((one) => !isPublic(one) && !state.roles.includes(one));
  if (lost !== undefined && args.fail_on_role)
    return lacking(
      context,
      `PostgreSQL has no role ${lost}`,
      'Make it by a task before (postgresql_user), or say `fail_on_role: false`.',
    );
  const found = state.objects.flatMap(({ object, spelling }) => [object, ...(spelling ?? [])].map(plain));
  const missing = objectsOf(args)?.find((one) => !found.includes(plain(one)));
  if (missing !== undefined)
    return lacking(context, `database ${args.database} has no ${args.type} ${missing}`, 'Make it by a task before.');
  const changes = state.objects.flatMap((object) =>
    args.roles
      .filter((one) => isPublic(one) || state.roles.includes(one))
      .flatMap((role) => changesOf(args, object, role)),
  );
  if (changes.length === 0) return { kind: 'ok', result: { queries: [] } };
  const sql = [...new Set(changes.map((one) => one.sql))];
  const become = args.session_role === undefined ? [] : [`SET ROLE ${quoted(args.session_role)}`];
  return {
    kind: 'change',
    diff: changes.map(({ diff }) => diff),
    steps: [sqlStep(args, args.database, [...become, ...sql])],
    result: { queries: sql },
  };
}

const isPublic = (role: string) => role.toUpperCase() === 'PUBLIC';

/** As functions are compared: `add(int:int)` is `add(int, int)`. */
const plain = (object: string) => object.replace(/[:,]\s*/g, ',').replace(/\s+/g, ' ');

/** A difference, and the statement for it. */
interface Change {
  diff: Diff;
  sql: string;
}

function changesOf(args: Args, { object, sql: on, all, acl }: Acl, role: string): Change[] {
  const grantee = isPublic(role) ? 'PUBLIC' : quoted(role);
  const group = args.type === 'group';
  const privileges = group ? ['MEMBER'] : args.privs!.includes('ALL') ? all : args.privs!;
  return privileges.flatMap((privilege): Change[] => {
    const [, , grantable] =
      acl.find(([who, what]) => what === privilege && who === (isPublic(role) ? 'PUBLIC' : role)) ?? [];
    const before = grantable === undefined ? null : grantable ? `${privilege} with grant option` : privilege;
    const what = `${role} on ${args.type} ${object}`;
    const words = group ? on : `${privilege} ON ${on}`;
    if (args.state === 'absent')
      return grantable === undefined
        ? []
        : [{ diff: { what, before, after: null }, sql: `REVOKE ${words} FROM ${grantee}` }];
    if (grantable !== undefined && (args.grant_option ?? grantable) === grantable) return [];
    const option = group ? 'ADMIN OPTION' : 'GRANT OPTION';
    if (grantable && args.grant_option === false)
      return [{ diff: { what, before, after: privilege }, sql: `REVOKE ${option} FOR ${words} FROM ${grantee}` }];
    const after = args.grant_option ? `${privilege} with grant option` : privilege;
    return [
      {
        diff: { what, before, after },
        sql: `GRANT ${words} TO ${grantee}${args.grant_option ? ` WITH ${option}` : ''}`,
      },
    ];
  });
}
