import * as z from 'zod';
import { sh, withStdin } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { flag, path, text, whole } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import { byProgram } from '../shared/program.ts';
import type { Lacking } from '../shared/program.ts';
import { OPENSSL, decideMade, parseMade, probeMade, refuseProblem, removeMade } from './made/made.ts';
import type { Made } from './made/made.ts';
import { madeArgs } from './made/made-args.ts';

const oneLine = text.pipe(z.string().regex(/^[^\n]+$/, 'expected one line'));

/** Days, rounded up, of `+1w2d3h`. */
const lifetime = z
  .string()
  .regex(/^\+(\d+[wdhms])+$/, 'expected a time from now, such as +365d')
  .transform((value) => {
    const seconds = { w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 };
    const all = [...value.matchAll(/(\d+)([wdhms])/g)].map(([, count, unit]) => Number(count) * seconds[unit as 'w']);
    return Math.max(1, Math.ceil(all.reduce((sum, one) => sum + one, 0) / 86_400));
  });

const args = z
  .strictObject({
    ...madeArgs,
    provider: z.enum(['selfsigned', 'ownca']).optional().describe('Who signs: its own key, or an authority of yours.'),
    csr_path: path.optional().describe('The request.'),
    privatekey_path: path.optional().describe('The private key: what a self-signed certificate is signed by.'),
    privatekey_passphrase: oneLine.optional().describe('What the key is encrypted with.'),
    selfsigned_digest: text.default('sha256').describe('The hash of the signature.'),
    selfsigned_not_after: lifetime.default(3650).describe('How long it is good, from now: `+365d`.'),
    ownca_path: path.optional().describe('The certificate of the authority.'),
    ownca_privatekey_path: path.optional().describe('Its private key.'),
    ownca_privatekey_passphrase: oneLine.optional().describe('What that key is encrypted with.'),
    ownca_digest: text.default('sha256').describe('The hash of its signature.'),
    ownca_not_after: lifetime.default(3650).describe('How long the certificate is good, from now.'),
    ignore_timestamps: flag
      .default(true)
      .describe("Taken for Ansible's sake: how long a certificate that is there is good is not compared."),
    renew_within: whole.optional().describe('Make it anew in the last days of its life, so many.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether there is such a certificate.'),
    return_content: flag.default(false).describe("Taken for Ansible's sake: the content is not returned."),
  })
  .refine(({ state, provider }) => state === 'absent' || provider !== undefined, {
    message: 'expected provider',
    path: ['provider'],
  })
  .refine(({ provider, privatekey_path }) => provider !== 'selfsigned' || privatekey_path !== undefined, {
    message: 'a self-signed certificate needs privatekey_path',
    path: ['privatekey_path'],
  })
  .refine((all) => all.provider !== 'ownca' || (all.csr_path && all.ownca_path && all.ownca_privatekey_path), {
    message: 'a certificate of an authority needs csr_path, ownca_path and ownca_privatekey_path',
    path: ['provider'],
  });

type Args = z.output<typeof args>;

export default defineModule<typeof args, Made | Lacking>({
  name: 'x509_certificate',
  aliases: ['openssl_certificate'],
  summary: 'Manage a certificate, self-signed or signed by an authority of your own, made by openssl',
  notes: [
    'Whether a certificate is right is found out by making the one that is wanted aside, and comparing all but serial numbers, signatures and times; needs openssl 3.',
    'Certificates of ACME are not made.',
  ],
  examples: `
- x509_certificate:
    path: /etc/ssl/shop.crt
    csr_path: /etc/ssl/shop.csr
    privatekey_path: /etc/ssl/private/shop.key
    provider: selfsigned
`,
  returns: { filename: 'The file.', csr: "The request's file.", privatekey: "The key's file." },
  args,
  secrets: ({ privatekey_passphrase, ownca_privatekey_passphrase }) =>
    [privatekey_passphrase, ownca_privatekey_passphrase].filter((one) => one !== undefined),
  ...byProgram<Args, Made>(OPENSSL, {
    probe(args) {
      const life =
        args.renew_within !== undefined &&
        sh`&& { [ "$f" != ${args.path} ] || openssl x509 -in "$f" -noout -checkend ${args.renew_within * 86_400} >/dev/null || echo 'its end is near'; }`;
      const describe = sh`openssl x509 -in "$f" -noout -text -nameopt utf8 -certopt no_serial,no_validity,no_sigdump,no_aux ${life}`;
      const { stdin = '', ...wanted } = certificate(args);
      return args.state === 'absent'
        ? probeMade(args.path, describe)
        : withStdin(probeMade(args.path, describe, wanted), stdin);
    },
    parse: parseMade,
    decide(args, state, context) {
      const { csr_path, privatekey_path } = args;
      const result = { filename: args.path, csr: csr_path ?? null, privatekey: privatekey_path ?? null };
      if (args.state === 'absent') return removeMade(args, state, 'a certificate', result);
      if (state.wanted === undefined) return refuseProblem(state, context, 'certificate');
      return decideMade(
        { args, kind: 'certificate', wanted: state.wanted, make: certificate(args), mode: '0644', result },
        state,
        context,
      );
    },
  }),
});

/** Writes the certificate to `$f`. The passphrase comes by stdin. */
function certificate(args: Args): Script {
  const own = args.provider === 'ownca';
  const key = (own ? args.ownca_privatekey_path : args.privatekey_path) ?? '';
  const passphrase = (own ? args.ownca_privatekey_passphrase : args.privatekey_passphrase) ?? '';
  const signer = own ? sh`-CA ${args.ownca_path ?? ''} -CAkey ${key}` : sh`-signkey ${key}`;
  const digest = own ? args.ownca_digest : args.selfsigned_digest;
  const days = own ? args.ownca_not_after : args.selfsigned_not_after;
  const serial = sh`-set_serial "0x$(od -An -tx1 -N16 /dev/urandom | tr -d ' \\n' | sed 's/^./1/')"`;
  const options = sh`${signer} -passin stdin -days ${days} ${`-${digest}`} ${serial} -out "$f"`;
  const command =
    args.csr_path === undefined
      ? sh`openssl req -x509 -new -batch -subj / -key ${key} -passin stdin -days ${days} ${`-${digest}`} -out "$f"`
      : sh`openssl x509 -req -in ${args.csr_path} -copy_extensions copyall ${options}`;
  return withStdin(command, `${passphrase}\n`);
}
