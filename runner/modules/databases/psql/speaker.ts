import { atExit, raw, sh, withStdin } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import type { DecideContext, Decision, Step } from '../../../model/module.ts';
import { byProgram, lacking, linesOf } from '../../shared/program.ts';
import type { Lacking, ProgramParts } from '../../shared/program.ts';
import type { PsqlLogin } from './login.ts';

/** A server that could not be asked. */
export interface Down {
  down: string;
}

/** The parts of a module that asks PostgreSQL. */
export interface PsqlParts<Args, State extends object> {
  /** The database to ask. */
  database(args: Args): string;
  /** What to ask: each row that it prints is JSON. */
  asks(args: Args): string;
  /** Is given the rows. */
  parse(rows: Row[], args: Args): State;
  decide(args: Args, state: State, context: DecideContext): Decision<State>;
}

export type Row = Record<string, unknown>;

/** The state of a module made by {@link byPsql}. */
export type Asked<State> = State | Down | Lacking;

const PSQL = { command: 'psql', from: 'the package postgresql-client' };

/** Parts of a module whose state PostgreSQL is asked for; where it does not answer the task fails, or a check knows nothing yet. */
export function byPsql<Args extends PsqlLogin, State extends object>({
  database,
  asks,
  parse,
  decide,
}: PsqlParts<Args, State>): ProgramParts<Args, State | Down> {
  return byProgram<Args, State | Down>(PSQL, {
    probe: (args) => {
      const { text, stdin = '' } = psql(args, database(args), asks(args));
      const script = raw(`o=$(
${text}
); r=$?
case $r in 0) printf '%s\\n' "$o";; 2) echo @@down; printf '%s\\n' "$o";; *) printf '%s\\n' "$o" >&2; exit 1;; esac`);
      return withStdin(script, stdin);
    },
    parse: (stdout, args) =>
      stdout.startsWith('@@down\n')
        ? { down: stdout.slice('@@down\n'.length).trim() }
        : parse(
            linesOf(stdout).map((line) => JSON.parse(line) as Row),
            args,
          ),
    decide(args, state, context) {
      if (!('down' in state)) return decide(args, state as State, context) as Decision<State | Down>;
      const why = linesOf(state.down).at(-1) ?? 'it did not say why';
      return lacking(context, `PostgreSQL cannot be asked: ${why}`, hintFor(why));
    },
  });
}

function hintFor(why: string): string {
  if (/peer authentication failed|role .* does not exist|Ident authentication failed/i.test(why))
    return 'Do the task as the user of the server: `become: true` and `become_user: postgres`.';
  if (/password authentication failed|no password supplied/i.test(why)) return 'Give login_user and login_password.';
  if (/database .* does not exist/i.test(why)) return 'Make it by a task before: postgresql_db.';
  return 'Start the server by a task before: `systemd: {name: postgresql, state: started}`.';
}

/** A step that has PostgreSQL do these statements; it stops at the first that fails. Prints what they return. */
export function sqlStep(args: PsqlLogin, database: string, statements: readonly string[]): Step {
  return { do: 'run', script: psql(args, database, `${statements.join(';\n')};\n`) };
}

/** psql, which reads the statements from stdin, so that no process list shows them. Its errors are printed as its output is. */
export function psql(args: PsqlLogin, database: string, sql: string): Script {
  const { login_password } = args;
  const text = sh`${environment(args, database)}
${login_password !== undefined && PASSWORD_FILE}
cd / && psql -X -A -t -q -w -v ON_ERROR_STOP=1 2>&1`;
  const head = login_password === undefined ? '' : `*:*:*:*:${login_password.replace(/[\\:]/g, '\\$&')}\n`;
  return withStdin(text, `${head}SET standard_conforming_strings = on;\n${sql}\n`);
}

/** The first line of stdin becomes the file that libpq reads passwords from. */
const PASSWORD_FILE = sh`f=$(umask 077; mktemp) || exit
${atExit('rm -f "$f"')}
IFS= read -r l; printf '%s\\n' "$l" >"$f"; export PGPASSFILE="$f"`;

/** What libpq takes from its environment; everything else goes with what a user has there. */
export function environment(args: PsqlLogin, database: string): Script {
  const { login_user, login_host, login_port, login_unix_socket, connect_params = {} } = args;
  const values: Record<string, string | undefined> = {
    PGUSER: login_user,
    PGDATABASE: database,
    PGHOST: login_unix_socket ?? (login_host === '' ? undefined : login_host),
    PGPORT: login_port === undefined ? undefined : String(login_port),
    PGSSLMODE: args.ssl_mode,
    PGSSLROOTCERT: args.ca_cert,
    PGSSLCERT: args.ssl_cert,
    PGSSLKEY: args.ssl_key,
    PGCONNECT_TIMEOUT: '10',
    PGCLIENTENCODING: 'UTF8',
    PGOPTIONS: '-c client_min_messages=error',
    ...Object.fromEntries(
      Object.entries(connect_params).map(([key, value]) => [`PG${key.toUpperCase().replace(/\W/g, '')}`, value]),
    ),
  };
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return raw(given.map(([key, value]) => sh`export ${raw(key)}=${value}`.text).join('\n'));
}
