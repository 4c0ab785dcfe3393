import * as z from 'zod';
import { flag, text, words } from '../../../model/arguments/scalars.ts';

/** The arguments that say what a certificate is asked for. */
export const requestArgs = {
  common_name: text.optional().describe('The name that the certificate is for.'),
  country_name: text.optional().describe('Country, two letters.'),
  state_or_province_name: text.optional().describe('State or province.'),
  locality_name: text.optional().describe('Town.'),
  organization_name: text.optional().describe('Organization.'),
  organizational_unit_name: text.optional().describe('Part of the organization.'),
  email_address: text.optional().describe('Address for e-mail.'),
  subject: z
    .record(z.string(), z.union([text, z.array(text)]))
    .optional()
    .describe('More fields of the subject: `{O: Example}`.'),
  subject_alt_name: words
    .optional()
    .describe('More names: `DNS:www.example.net`, `IP:192.0.2.1`, `email:...`, `URI:...`.'),
  subject_alt_name_critical: flag
    .default(false)
    .describe('Who does not understand them has to refuse the certificate.'),
  use_common_name_for_san: flag.default(true).describe('The common name is one of the names where none are given.'),
  key_usage: words.optional().describe('What the key is for: `digitalSignature`, `keyEncipherment`, `keyCertSign`.'),
  key_usage_critical: flag.default(false).describe('This has to be understood.'),
  extended_key_usage: words.optional().describe('The same, more closely: `serverAuth`, `clientAuth`.'),
  extended_key_usage_critical: flag.default(false).describe('This has to be understood.'),
  basic_constraints: words.optional().describe('Whether it is of an authority: `[CA:TRUE, pathlen:0]`.'),
  basic_constraints_critical: flag.default(false).describe('This has to be understood.'),
  ocsp_must_staple: flag.default(false).describe('Servers have to send proof that it is not revoked.'),
  create_subject_key_identifier: flag.default(false).describe('A hash of the key goes into the request.'),
};

/** Values of {@link requestArgs}. */
export type RequestArgs = z.output<z.ZodObject<typeof requestArgs>>;

const FIELDS = {
  country_name: 'C',
  state_or_province_name: 'ST',
  locality_name: 'L',
  organization_name: 'O',
  organizational_unit_name: 'OU',
  common_name: 'CN',
  email_address: 'emailAddress',
} as const;

/** The file that openssl reads: everything that is to be in the request. */
export function requestConfig(args: RequestArgs): string {
  const subject = [
    ...Object.entries(args.subject ?? {}).flatMap(([key, value]) => [value].flat().map((one) => [key, one] as const)),
    ...(Object.keys(FIELDS) as (keyof typeof FIELDS)[]).flatMap((key) =>
      args[key] === undefined ? [] : [[FIELDS[key], args[key]] as const],
    ),
  ];
  const names =
    args.subject_alt_name ??
    (args.use_common_name_for_san && args.common_name !== undefined ? [`DNS:${args.common_name}`] : []);
  const extensions = [
    line('basicConstraints', args.basic_constraints, args.basic_constraints_critical),
    line('keyUsage', args.key_usage?.map(usage), args.key_usage_critical),
    line('extendedKeyUsage', args.extended_key_usage, args.extended_key_usage_critical),
    line('subjectAltName', names.length > 0 ? ['@names'] : undefined, args.subject_alt_name_critical),
    line('tlsfeature', args.ocsp_must_staple ? ['status_request'] : undefined, false),
    line('subjectKeyIdentifier', args.create_subject_key_identifier ? ['hash'] : undefined, false),
  ].filter(Boolean);
  return [
    '[req]',
    'prompt = no',
    'utf8 = yes',
    'string_mask = utf8only',
    'distinguished_name = subject',
    ...(extensions.length > 0 ? ['req_extensions = extensions'] : []),
    '[subject]',
    ...subject.map(([key, value], i) => `${i}.${key} = ${quoted(value)}`),
    ...(extensions.length > 0 ? ['[extensions]', ...extensions] : []),
    ...(names.length > 0 ? ['[names]', ...names.map((one, i) => nameLine(one, i))] : []),
    '',
  ].join('\n');
}

const line = (key: string, values: readonly string[] | undefined, critical: boolean) =>
  values === undefined || values.length === 0 ? '' : `${key} = ${critical ? 'critical, ' : ''}${values.join(', ')}`;

/** Ansible takes the words that openssl prints, too. */
const usage = (word: string) =>
  / /.test(word)
    ? word.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase()).replace(/^\w/, (one) => one.toLowerCase())
    : word;

function nameLine(one: string, i: number): string {
  const colon = one.indexOf(':');
  return `${one.slice(0, colon)}.${i} = ${quoted(one.slice(colon + 1))}`;
}

/** Nothing in a value means anything to openssl. */
const quoted = (value: string) => value.replace(/[\\$#"']/g, '\\$&').replaceAll('\n', ' ');
