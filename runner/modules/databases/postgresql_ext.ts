import * as z from 'zod';
import { flag, text } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { differing } from '../shared/attribute.ts';
import { lacking } from '../shared/program.ts';
import { loginSecrets, psqlLogin } from './psql/login.ts';
import { byPsql, psql, sqlStep } from './psql/speaker.ts';
import type { Asked } from './psql/speaker.ts';
import { literal, name as quoted } from './psql/words.ts';

const args = z.strictObject({
  name: text.describe('Name of the extension.'),
  db: text.describe('The database.'),
  schema: text.optional().describe('The schema for its objects.'),
  version: text.optional().describe('Its version; `latest`: the newest that the server has.'),
  cascade: flag.default(false).describe('Install what it needs as well; remove what needs it.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the database has it.'),
  session_role: text.optional().describe('The role to become after logging in.'),
  ...psqlLogin,
});

type Args = z.output<typeof args>;
interface State {
  installed?: string;
  schema?: string;
  /** The newest version; absent where the server does not have the extension. */
  newest?: string;
}

export default defineModule<typeof args, Asked<State>>({
  name: 'postgresql_ext',
  summary: 'Manage an extension in a database of PostgreSQL',
  examples: `
- postgresql_ext: {name: pg_trgm, db: shop}
  become: true
  become_user: postgres
`,
  returns: {
    db: 'The database.',
    ext: 'The extension.',
    prev_version: 'Its version before.',
    version: 'Its version now.',
    queries: 'The statements that were run.',
  },
  args,
  synonyms: {
    ext: 'name',
    login_db: 'db',
    port: 'login_port',
    ssl_rootcert: 'ca_cert',
    unix_socket: 'login_unix_socket',
  },
  secrets: loginSecrets,
  ...byPsql<Args, State>({
    database: ({ db }) => db,
    asks: ({
      name,
    }) => `SELECT json_build_object('newest', default_version) FROM pg_available_extensions WHERE name = ${literal(name)};
SELECT json_build_object('installed', e.extversion, 'schema', n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = ${literal(name)};`,
    parse: (rows) => Object.assign({}, ...rows) as State,
    decide,
  }),
});

function decide(args: Args, state: State, context: DecideContext): Decision<State> {
  const { name, db, schema, cascade, session_role } = args;
  const of = `EXTENSION ${quoted(name)}`;
  const role = session_role === undefined ? [] : [`SET ROLE ${quoted(session_role)}`];
  const what = `extension ${name} of ${db}`;
  const result = {
    db,
    ext: name,
    prev_version: state.installed ?? '',
    version: args.state === 'absent' ? '' : (state.installed ?? ''),
  };
  if (args.state === 'absent') {
    if (state.installed === undefined) return { kind: 'ok', result };
    const sql = `DROP ${of}${cascade ? ' CASCADE' : ''}`;
    return {
      kind: 'change',
      diff: [{ what, before: state.installed, after: null }],
      steps: [sqlStep(args, db, [...role, sql])],
      result: { ...result, queries: [sql] },
    };
  }
  const version = args.version === 'latest' ? state.newest : args.version;
  if (state.installed === undefined) {
    if (state.newest === undefined)
      return lacking(
        context,
        `the server has no extension ${name}`,
        'Install its package by a task before, such as postgresql-contrib.',
      );
    const options = `${schema === undefined ? '' : ` SCHEMA ${quoted(schema)}`}${version === undefined ? '' : ` VERSION ${literal(version)}`}`;
    const sql = `CREATE ${of}${options}${cascade ? ' CASCADE' : ''}`;
    const after = version ?? state.newest;
    return {
      kind: 'change',
      diff: [{ what, before: null, after }],
      steps: [sqlStep(args, db, [...role, sql])],
      result: { ...result, version: after, queries: [sql] },
    };
  }
  const does = (sql: string) => psql(args, db, `${[...role, sql].join(';\n')};\n`);
  const { diff, steps } = differing([
    {
      what: `${what} schema`,
      found: state.schema,
      wanted: schema,
      script: does(`ALTER ${of} SET SCHEMA ${quoted(schema ?? '')}`),
    },
    {
      what: `${what} version`,
      found: state.installed,
      wanted: version,
      script: does(`ALTER ${of} UPDATE TO ${literal(version ?? '')}`),
    },
  ]);
  return diff.length === 0
    ? { kind: 'ok', result }
    : { kind: 'change', diff, steps, result: { ...result, version: version ?? state.installed } };
}
