import * as z from 'zod';
import { flag, homePath, port, text } from '../../../model/arguments/scalars.ts';

const oneLine = text.pipe(z.string().regex(/^[^\n\0]*$/, 'expected one line'));

/** How a module reaches PostgreSQL; put them into its schema. */
export const psqlLogin = {
  login_user: text.default('postgres').describe('The user to log in to PostgreSQL as.'),
  login_password: oneLine.optional().describe('Its password; psql reads it from a file that is removed afterwards.'),
  login_host: text.optional().describe('The host of the server; by default the socket of this one.'),
  login_port: port.optional().describe('The port of the server, or of its socket.'),
  login_unix_socket: homePath.optional().describe('The directory of its socket.'),
  ssl_mode: z
    .enum(['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'])
    .optional()
    .describe('How TLS is used.'),
  ca_cert: homePath.optional().describe('The certificate of the authority that signed the one of the server.'),
  ssl_cert: homePath.optional().describe('A certificate to log in by.'),
  ssl_key: homePath.optional().describe('Its key.'),
  connect_params: z.record(z.string(), text).optional().describe('More parameters of libpq: `{connect_timeout: 5}`.'),
  trust_input: flag.default(true).describe("Taken for Ansible's sake: names and values are always quoted."),
};

/** The values of {@link psqlLogin}. */
export type PsqlLogin = z.output<z.ZodObject<typeof psqlLogin>>;

/** Values that are masked wherever they are shown. */
export const loginSecrets = ({ login_password }: Pick<PsqlLogin, 'login_password'>) =>
  login_password ? [login_password] : [];
