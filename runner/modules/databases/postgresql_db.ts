import * as z from 'zod';
import type { Diff } from '../../model/events.ts';
import { flag, text, whole } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { loginSecrets, psqlLogin } from './psql/login.ts';
import { byPsql, sqlStep } from './psql/speaker.ts';
import type { Asked } from './psql/speaker.ts';
import { literal, name as quoted } from './psql/words.ts';

const args = z.strictObject({
  name: text.describe('Name of the database.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the server has it.'),
  owner: text.optional().describe('The role that owns it.'),
  encoding: text.optional().describe('Encoding of its texts; that of a database that is there cannot be changed.'),
  lc_collate: text.optional().describe('The order of its texts, such as `C.UTF-8`; cannot be changed.'),
  lc_ctype: text.optional().describe('Which characters are letters; cannot be changed.'),
  template: text.optional().describe('The database that a new one is copied from.'),
  conn_limit: whole.optional().describe('How many connections it may have at a time; -1: any number.'),
  tablespace: text.optional().describe('Where its files are.'),
  comment: text.optional().describe('Its comment.'),
  force: flag.default(false).describe('With `absent`: end the connections to it first.'),
  maintenance_db: text.default('postgres').describe('The database to log in to.'),
  session_role: text.optional().describe('The role to become after logging in.'),
  ...psqlLogin,
});

type Args = z.output<typeof args>;

/** What the server has; absent: no such database. */
interface State {
  database?: Record<Managed, string>;
}

const MANAGED = ['owner', 'encoding', 'lc_collate', 'lc_ctype', 'conn_limit', 'tablespace', 'comment'] as const;
type Managed = (typeof MANAGED)[number];

/** These are fixed when a database is made. */
const FIXED: readonly Managed[] = ['encoding', 'lc_collate', 'lc_ctype'];

export default defineModule<typeof args, Asked<State>>({
  name: 'postgresql_db',
  summary: 'Manage a database of PostgreSQL',
  notes: [
    'Run it as the user of the server: `become_user: postgres`.',
    'Dumps are not made: `command: pg_dump` does that.',
  ],
  examples: `
- postgresql_db: {name: shop, owner: shop, encoding: UTF8}
  become: true
  become_user: postgres
`,
  returns: { db: 'Its name.', executed_commands: 'The statements that were run.' },
  args,
  synonyms: {
    db: 'name',
    port: 'login_port',
    ssl_rootcert: 'ca_cert',
    unix_socket: 'login_unix_socket',
    login_db: 'maintenance_db',
  },
  secrets: loginSecrets,
  ...byPsql<Args, State>({
    database: ({ maintenance_db }) => maintenance_db,
    asks: ({
      name,
    }) => `SELECT json_build_object('owner', pg_get_userbyid(d.datdba), 'encoding', pg_encoding_to_char(d.encoding),
 'lc_collate', d.datcollate, 'lc_ctype', d.datctype, 'conn_limit', d.datconnlimit::text, 'tablespace', t.spcname,
 'comment', coalesce(shobj_description(d.oid, 'pg_database'), ''))
FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace WHERE d.datname = ${literal(name)};`,
    parse: ([row]) => (row === undefined ? {} : { database: row as Record<Managed, string> }),
    decide,
  }),
});

function decide(args: Args, { database }: State, _context: DecideContext): Decision<State> {
  const { name, maintenance_db, session_role } = args;
  const result = { db: name };
  const step = (statements: string[]) =>
    sqlStep(
      args,
      maintenance_db,
      session_role === undefined ? statements : [`SET ROLE ${quoted(session_role)}`, ...statements],
    );
  const change = (diff: Diff[], sql: string[]): Decision<State> => ({
    kind: 'change',
    diff,
    steps: [step(sql)],
    result: { ...result, executed_commands: sql },
  });
  if (args.state === 'absent')
    return database === undefined
      ? { kind: 'ok', result }
      : change([{ what: `database ${name}`, before: `owner ${database.owner}`, after: null }], removal(args));
  if (database === undefined)
    return change([{ what: `database ${name}`, before: null, after: described(args) }], creation(args));
  const wrong = MANAGED.filter((key) => args[key] !== undefined && !isSame(key, String(args[key]), database[key]));
  const fixed = wrong.find((key) => FIXED.includes(key));
  if (fixed !== undefined)
    return {
      kind: 'fail',
      message: `database ${name} has ${fixed} ${database[fixed]}, expected ${args[fixed]}: PostgreSQL cannot change that`,
      hint: 'Dump the database, remove it, and make it anew.',
    };
  if (wrong.length === 0) return { kind: 'ok', result };
  return change(
    wrong.map((key) => ({ what: `database ${name} ${key}`, before: database[key], after: String(args[key]) })),
    wrong.map((key) => alteration(args, key)),
  );
}

/** Encodings and locales have several spellings: `UTF-8`, `utf8`; `en_US.UTF-8`, `en_US.utf8`. */
function isSame(key: Managed, wanted: string, found: string): boolean {
  const plain = (value: string) => (FIXED.includes(key) ? value.toLowerCase().replace(/[-_]/g, '') : value);
  const encoding = (value: string) => (key === 'encoding' && value === 'unicode' ? 'utf8' : value);
  return encoding(plain(wanted)) === encoding(plain(found));
}

const described = (args: Args) =>
  MANAGED.filter((key) => args[key] !== undefined)
    .map((key) => `${key} ${args[key]}`)
    .join(', ') || 'present';

function creation(args: Args): string[] {
  const { name, owner, template, encoding, lc_collate, lc_ctype, tablespace, conn_limit } = args;
  const options = [
    owner !== undefined && `OWNER ${quoted(owner)}`,
    template !== undefined && `TEMPLATE ${quoted(template)}`,
    encoding !== undefined && `ENCODING ${literal(encoding)}`,
    lc_collate !== undefined && `LC_COLLATE ${literal(lc_collate)}`,
    lc_ctype !== undefined && `LC_CTYPE ${literal(lc_ctype)}`,
    tablespace !== undefined && `TABLESPACE ${quoted(tablespace)}`,
    conn_limit !== undefined && `CONNECTION LIMIT ${conn_limit}`,
  ].filter(Boolean);
  return [
    [`CREATE DATABASE ${quoted(name)}`, ...options].join(' '),
    ...(args.comment === undefined ? [] : [alteration(args, 'comment')]),
  ];
}

function alteration(args: Args, key: Managed): string {
  const database = `DATABASE ${quoted(args.name)}`;
  if (key === 'comment') return `COMMENT ON ${database} IS ${literal(args.comment ?? '')}`;
  if (key === 'conn_limit') return `ALTER ${database} CONNECTION LIMIT ${args.conn_limit}`;
  if (key === 'tablespace') return `ALTER ${database} SET TABLESPACE ${quoted(args.tablespace ?? '')}`;
  return `ALTER ${database} OWNER TO ${quoted(args.owner ?? '')}`;
}

const removal = ({ name, force }: Args) => [
  ...(force
    ? [
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${literal(name)} AND pid <> pg_backend_pid()`,
      ]
    : []),
  `DROP DATABASE ${quoted(name)}`,
];
