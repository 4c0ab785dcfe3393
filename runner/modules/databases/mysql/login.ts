import * as z from 'zod';
import { flag, homePath, port, text, whole } from '../../../model/arguments/scalars.ts';

const oneLine = text.pipe(z.string().regex(/^[^\n\0]*$/, 'expected one line'));

/** How a module reaches MariaDB or MySQL; put them into its schema. */
export const mysqlLogin = {
  login_user: oneLine
    .optional()
    .describe('The user to log in as; by default the one of `config_file`, or of the system.'),
  login_password: oneLine
    .optional()
    .describe('Its password; the client reads it from a file that is removed afterwards.'),
  login_host: oneLine.optional().describe('The host of the server; by default the socket of this one.'),
  login_port: port.optional().describe('The port of the server.'),
  login_unix_socket: homePath.optional().describe('The path of its socket.'),
  config_file: homePath.default('~/.my.cnf').describe('A file of the host with user and password, where it exists.'),
  connect_timeout: whole.default(30).describe('Seconds to wait for the server.'),
  ca_cert: homePath.optional().describe('The certificate of the authority that signed the one of the server.'),
  client_cert: homePath.optional().describe('A certificate to log in by.'),
  client_key: homePath.optional().describe('Its key.'),
  check_hostname: flag.optional().describe('Check that the certificate is of the host that was asked.'),
  check_implicit_admin: flag
    .default(false)
    .describe('Log in as root without a password where the server lets in; otherwise as given.'),
};

/** The values of {@link mysqlLogin}. */
export type MysqlLogin = z.output<z.ZodObject<typeof mysqlLogin>>;

/** Values that are masked wherever they are shown. */
export const loginSecrets = ({ login_password }: Pick<MysqlLogin, 'login_password'>) =>
  login_password ? [login_password] : [];

/** Other names of these arguments. */
export const LOGIN_SYNONYMS = { ssl_ca: 'ca_cert', ssl_cert: 'client_cert', ssl_key: 'client_key' };
