import * as z from 'zod';
import type { Diff } from '../../model/events.ts';
import { text, words } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { Decision } from '../../model/module.ts';
import { LOGIN_SYNONYMS, loginSecrets, mysqlLogin } from './mysql/login.ts';
import { byMysql, sqlStep } from './mysql/speaker.ts';
import type { Asked } from './mysql/speaker.ts';
import { literal, name as quoted } from './mysql/words.ts';

const args = z.strictObject({
  name: words.describe('Names of databases: a list, or one text with commas.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the server has them.'),
  encoding: text.optional().describe('Their character set, such as `utf8mb4`.'),
  collation: text.optional().describe('The order of their texts, such as `utf8mb4_general_ci`.'),
  ...mysqlLogin,
});

type Args = z.output<typeof args>;
interface Database {
  name: string;
  encoding: string;
  collation: string;
}
interface State {
  databases: Database[];
}

export default defineModule<typeof args, Asked<State>>({
  name: 'mysql_db',
  summary: 'Manage databases of MariaDB or MySQL',
  notes: [
    'Ansible changes neither encoding nor collation of a database that is there; xrun does, for tables to come.',
    'Dumps are not made and not read: `command: mariadb-dump` and `shell: mariadb` do that.',
    'Run with MariaDB; not run here with MySQL.',
  ],
  examples: `
- mysql_db: {name: shop, encoding: utf8mb4}
- mysql_db: {name: [old, older], state: absent}
`,
  returns: { db: 'The names, as one text.', db_list: 'The names.', executed_commands: 'The statements that were run.' },
  args,
  synonyms: { db: 'name', ...LOGIN_SYNONYMS },
  secrets: loginSecrets,
  ...byMysql<Args, State>({
    asks: ({
      name,
    }) => `SELECT JSON_OBJECT('name', SCHEMA_NAME, 'encoding', DEFAULT_CHARACTER_SET_NAME, 'collation', DEFAULT_COLLATION_NAME)
FROM information_schema.SCHEMATA WHERE SCHEMA_NAME IN (${name.map(literal).join(', ')});`,
    parse: (rows) => ({ databases: rows as unknown as Database[] }),
    decide,
  }),
});

function decide(args: Args, { databases }: State): Decision<State> {
  const diff: Diff[] = [];
  const sql: string[] = [];
  for (const name of args.name) {
    const found = databases.find((one) => one.name === name);
    const what = `database ${name}`;
    if (args.state === 'absent') {
      if (found === undefined) continue;
      diff.push({ what, before: `${found.encoding} ${found.collation}`, after: null });
      sql.push(`DROP DATABASE ${quoted(name)}`);
    } else if (found === undefined) {
      diff.push({ what, before: null, after: [args.encoding, args.collation].filter(Boolean).join(' ') || 'present' });
      sql.push(`CREATE DATABASE ${quoted(name)}${optionsOf(args)}`);
    } else {
      const wrong = (['encoding', 'collation'] as const).filter(
        (key) => args[key] !== undefined && !isSame(args[key], found[key]),
      );
      if (wrong.length > 0) sql.push(`ALTER DATABASE ${quoted(name)}${optionsOf(args)}`);
      diff.push(...wrong.map((key) => ({ what: `${what} ${key}`, before: found[key], after: args[key] as string })));
    }
  }
  const result = { db: args.name.join(' '), db_list: args.name, executed_commands: sql };
  return sql.length === 0 ? { kind: 'ok', result } : { kind: 'change', diff, steps: [sqlStep(args, sql)], result };
}

/** The server has other words for the same: `utf8` is utf8mb3. */
function isSame(wanted: string, found: string): boolean {
  const plain = (word: string) => word.toLowerCase().replace(/^utf8(?=_|$)/, 'utf8mb3');
  return plain(wanted) === plain(found);
}

const optionsOf = ({ encoding, collation }: Args) =>
  (encoding === undefined ? '' : ` CHARACTER SET ${quoted(encoding)}`) +
  (collation === undefined ? '' : ` COLLATE ${quoted(collation)}`);
