import { atExit, raw, sh, withStdin } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import type { DecideContext, Decision, Step } from '../../../model/module.ts';
import { byProgram, lacking, linesOf } from '../../shared/program.ts';
import type { Lacking, ProgramParts } from '../../shared/program.ts';
import type { MysqlLogin } from './login.ts';

/** A server that could not be asked. */
export interface Down {
  down: string;
}

/** The parts of a module that asks MariaDB or MySQL. */
export interface MysqlParts<Args, State extends object> {
  /** What to ask: each row that it prints is JSON, or a question beginning with SHOW GRANTS FOR, which is asked next. */
  asks(args: Args): string;
  /** Is given the rows; a line that is not JSON is one with the field `line`. */
  parse(rows: Row[], args: Args): State;
  decide(args: Args, state: State, context: DecideContext): Decision<State>;
}

export type Row = Record<string, unknown>;

/** The state of a module made by {@link byMysql}. */
export type Asked<State> = State | Down | Lacking;

const CLIENT = { command: 'mariadb', or: 'mysql', from: 'the package mariadb-client' };

/** Parts of a module whose state the server is asked for; where it does not answer the task fails, or a check knows nothing yet. */
export function byMysql<Args extends MysqlLogin, State extends object>({
  asks,
  parse,
  decide,
}: MysqlParts<Args, State>): ProgramParts<Args, State | Down> {
  return byProgram<Args, State | Down>(CLIENT, {
    probe: (args) => {
      const { text, stdin = '' } = client(args, asks(args));
      const script = raw(`o=$(
${text}
); r=$?
case $r:$o in 0:*) printf '%s\\n' "$o";; *'ERROR 1045 '*|*'ERROR 1698 '*|*'ERROR 20'*) echo @@down; printf '%s\\n' "$o";; *) printf '%s\\n' "$o" >&2; exit 1;; esac`);
      return withStdin(script, stdin);
    },
    parse: (stdout, args) =>
      stdout.startsWith('@@down\n')
        ? { down: stdout.slice('@@down\n'.length).trim() }
        : parse(
            linesOf(stdout).map((line) => (line.startsWith('{') ? (JSON.parse(line) as Row) : { line })),
            args,
          ),
    decide(args, state, context) {
      if (!('down' in state)) return decide(args, state as State, context) as Decision<State | Down>;
      const why = linesOf(state.down).at(-1) ?? 'it did not say why';
      const hint = /ERROR (1045|1698)/.test(why)
        ? 'Give login_user and login_password, or do the task as root: `become: true`.'
        : 'Start the server by a task before: `systemd: {name: mariadb, state: started}`.';
      return lacking(context, `the database server cannot be asked: ${why}`, hint);
    },
  });
}

/** A step that has the server do these statements; it stops at the first that fails. */
export function sqlStep(args: MysqlLogin, statements: readonly string[]): Step {
  return { do: 'run', script: client(args, `${statements.join(';\n')};\n`) };
}

/**
 * The client, which reads user and password from a file made of the first lines of stdin, and the statements from the rest, so
 * that no process list shows them. Its errors are printed as its output is.
 */
export function client(args: MysqlLogin, sql: string): Script {
  const text = sh`f=$(umask 077; mktemp) || exit
${atExit('rm -f "$f"')}
m=mariadb; command -v mariadb >/dev/null 2>&1 || m=mysql
for i in /etc/my.cnf /etc/mysql/my.cnf ${args.config_file}; do [ ! -r "$i" ] || echo "!include $i"; done >"$f"
${args.check_implicit_admin && sh`"$m" --no-defaults --user=root --batch -e 'SELECT 1' </dev/null >/dev/null 2>&1 && root=y || root=`}
while IFS= read -r l && [ "$l" != . ]; do printf '%s\\n' "$l"; done >>"$f"
${args.check_implicit_admin && sh`if [ "$root" ]; then printf '[client]\\nuser=root\\n' >"$f"; fi`}
run() { "$m" --defaults-file="$f" --batch --raw --skip-column-names --default-character-set=utf8mb4 2>&1; }
p=$(run); r=$?; printf '%s\\n' "$p"; [ $r = 0 ] || exit $r
case $p in *'SHOW GRANTS FOR '*) printf '%s\\n' "$p" | sed -n '/^SHOW GRANTS FOR /p' | run;; esac`;
  return withStdin(text, `${options(args)}.\n${sql}\n`);
}

/** The section of the client's file. */
function options(args: MysqlLogin): string {
  const values: Record<string, string | undefined> = {
    user: args.login_user,
    password: args.login_password,
    host: args.login_host,
    port: args.login_port === undefined ? undefined : String(args.login_port),
    socket: args.login_unix_socket,
    'connect-timeout': String(args.connect_timeout),
    'ssl-ca': args.ca_cert,
    'ssl-cert': args.client_cert,
    'ssl-key': args.client_key,
  };
  const lines = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}="${value.replace(/[\\"]/g, '\\$&')}"`],
  );
  if (args.check_hostname) lines.push('ssl-verify-server-cert');
  return ['[client]', ...lines, ''].join('\n');
}
