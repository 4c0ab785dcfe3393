import * as z from 'zod';
import { sh, withStdin } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { flag, path, text } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import { byProgram } from '../shared/program.ts';
import type { Lacking } from '../shared/program.ts';
import { OPENSSL, decideMade, parseMade, probeMade, refuseProblem, removeMade } from './made/made.ts';
import type { Made } from './made/made.ts';
import { madeArgs } from './made/made-args.ts';
import { requestArgs, requestConfig } from './made/request-text.ts';

const oneLine = text.pipe(z.string().regex(/^[^\n]+$/, 'expected one line'));

const args = z
  .strictObject({
    ...madeArgs,
    ...requestArgs,
    privatekey_path: path.optional().describe('The private key.'),
    privatekey_passphrase: oneLine.optional().describe('What the key is encrypted with.'),
    digest: text.default('sha256').describe('The hash of the signature.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether there is such a request.'),
    return_content: flag.default(false).describe("Taken for Ansible's sake: the content is not returned."),
  })
  .refine(({ state, privatekey_path }) => state === 'absent' || privatekey_path !== undefined, {
    message: 'expected privatekey_path',
    path: ['privatekey_path'],
  })
  .refine(
    ({ subject_alt_name = [] }) =>
      subject_alt_name.every((one) => /^(DNS|IP|email|URI|RID|otherName|dirName):./.test(one)),
    {
      message: 'expected names such as DNS:www.example.net or IP:192.0.2.1',
      path: ['subject_alt_name'],
    },
  );

type Args = z.output<typeof args>;

export default defineModule<typeof args, Made | Lacking>({
  name: 'openssl_csr',
  summary: 'Manage a request for a certificate, made by openssl',
  notes: [
    'Whether a request is right is found out by making the one that is wanted aside, and comparing all but the signatures.',
    'The public key is compared, too: a new private key makes a new request.',
  ],
  examples: `
- openssl_csr:
    path: /etc/ssl/shop.csr
    privatekey_path: /etc/ssl/private/shop.key
    common_name: shop.example.net
    subject_alt_name: ['DNS:shop.example.net', 'DNS:www.example.net']
`,
  returns: { filename: 'The file.', privatekey: "The key's file." },
  args,
  synonyms: {
    C: 'country_name',
    countryName: 'country_name',
    ST: 'state_or_province_name',
    stateOrProvinceName: 'state_or_province_name',
    L: 'locality_name',
    localityName: 'locality_name',
    O: 'organization_name',
    organizationName: 'organization_name',
    OU: 'organizational_unit_name',
    organizationalUnitName: 'organizational_unit_name',
    CN: 'common_name',
    commonName: 'common_name',
    E: 'email_address',
    emailAddress: 'email_address',
    subjectAltName: 'subject_alt_name',
    keyUsage: 'key_usage',
    extendedKeyUsage: 'extended_key_usage',
    extKeyUsage: 'extended_key_usage',
    basicConstraints: 'basic_constraints',
  },
  secrets: ({ privatekey_passphrase }) => (privatekey_passphrase === undefined ? [] : [privatekey_passphrase]),
  ...byProgram<Args, Made>(OPENSSL, {
    probe(args) {
      const describe = sh`openssl req -in "$f" -noout -text -nameopt utf8 -reqopt no_sigdump`;
      const { stdin = '', ...wanted } = request(args);
      return args.state === 'absent'
        ? probeMade(args.path, describe)
        : withStdin(probeMade(args.path, describe, wanted), stdin);
    },
    parse: parseMade,
    decide(args, state, context) {
      const result = { filename: args.path, privatekey: args.privatekey_path };
      if (args.state === 'absent') return removeMade(args, state, 'a request', result);
      if (state.wanted === undefined) return refuseProblem(state, context, 'request');
      return decideMade(
        { args, kind: 'request', wanted: state.wanted, make: request(args), mode: '0644', result },
        state,
        context,
      );
    },
  }),
});

/** Writes the request to `$f`. The passphrase comes by stdin. */
function request(args: Args): Script {
  const { privatekey_path = '', privatekey_passphrase = '', digest } = args;
  const script = sh`IFS= read -r pass; c="$f.cnf"; (umask 077; cat >"$c")
printf '%s\\n' "$pass" | openssl req -new -batch -config "$c" -key ${privatekey_path} -passin stdin ${`-${digest}`} -out "$f"; r=$?
rm -f "$c"; [ $r = 0 ]`;
  return withStdin(script, `${privatekey_passphrase}\n${requestConfig(args)}`);
}
