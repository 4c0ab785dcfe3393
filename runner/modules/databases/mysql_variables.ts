import * as z from 'zod';
import { text } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { Decision } from '../../model/module.ts';
import { LOGIN_SYNONYMS, loginSecrets, mysqlLogin } from './mysql/login.ts';
import { byMysql, sqlStep } from './mysql/speaker.ts';
import type { Asked } from './mysql/speaker.ts';
import { literal, name as quoted } from './mysql/words.ts';

const args = z.strictObject({
  variable: z
    .string()
    .regex(/^[\w.]+$/, 'expected the name of a variable')
    .describe('Name of the variable.'),
  value: text.optional().describe('What it is to be; where not given, the result has what it is.'),
  mode: z
    .enum(['global', 'persist', 'persist_only'])
    .default('global')
    .describe('Until the server starts anew, or for good (MySQL 8 only).'),
  ...mysqlLogin,
});

type Args = z.output<typeof args>;
interface State {
  value: string | null;
}

export default defineModule<typeof args, Asked<State>>({
  name: 'mysql_variables',
  summary: 'Manage a variable of the running MariaDB or MySQL',
  notes: ['What is to last belongs into a file of /etc/mysql as well.'],
  examples: `
- mysql_variables: {variable: max_connections, value: 200}
`,
  returns: { queries: 'The statements that were run.' },
  args,
  synonyms: LOGIN_SYNONYMS,
  secrets: loginSecrets,
  ...byMysql<Args, State>({
    asks: ({ variable }) => `SELECT JSON_OBJECT('value', CAST(@@GLOBAL.${quoted(variable)} AS CHAR));`,
    parse([row]) {
      if (row === undefined || !('value' in row)) throw new Error('the database server did not report the variable');
      return { value: row['value'] as string | null };
    },
    decide,
  }),
});

function decide(args: Args, { value }: State): Decision<State> {
  const { variable, mode } = args;
  if (args.value === undefined || plain(args.value) === plain(value ?? ''))
    return { kind: 'ok', result: { msg: value, queries: [] } };
  const number = /^-?\d+(\.\d+)?$/.test(args.value);
  const word = /^(on|off|true|false|default)$/i.test(args.value);
  const sql = `SET ${mode.toUpperCase()} ${quoted(variable)} = ${number || word ? args.value : literal(args.value)}`;
  return {
    kind: 'change',
    diff: [{ what: `variable ${variable}`, before: value, after: args.value }],
    steps: [sqlStep(args, [sql])],
    result: { msg: args.value, queries: [sql] },
  };
}

/** Switches are 1 and 0 when they are read. */
const plain = (value: string) =>
  ({ on: '1', true: '1', yes: '1', off: '0', false: '0', no: '0' })[value.toLowerCase()] ?? value.toLowerCase();
