import * as z from 'zod';
import { sh, withStdin } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { flag, text, whole } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { byProgram } from '../shared/program.ts';
import type { Lacking } from '../shared/program.ts';
import { OPENSSL, decideMade, parseMade, probeMade, removeMade } from './made/made.ts';
import type { Made } from './made/made.ts';
import { madeArgs } from './made/made-args.ts';

const REGENERATE = ['never', 'fail', 'partial_idempotence', 'full_idempotence', 'always'] as const;

const args = z
  .strictObject({
    ...madeArgs,
    type: z.enum(['RSA', 'ECC', 'Ed25519', 'Ed448', 'X25519', 'X448']).default('RSA').describe('The kind of key.'),
    size: whole.default(4096).describe('Bits of a key of RSA.'),
    curve: text.optional().describe('The curve of a key of ECC, such as `secp384r1`.'),
    passphrase: text
      .pipe(z.string().regex(/^[^\n]+$/, 'expected one line'))
      .optional()
      .describe('The key is encrypted with it. openssl reads it from stdin.'),
    cipher: text.default('auto').describe('How it is encrypted; by default by AES-256.'),
    regenerate: z
      .enum(REGENERATE)
      .default('full_idempotence')
      .describe(
        'When a key that is there is replaced: `partial_idempotence`: where it is of another kind or size; `full_idempotence`: where it cannot be read, too; `fail`: never, and another one is an error.',
      ),
    state: z.enum(['present', 'absent']).default('present').describe('Whether there is such a key.'),
    return_content: flag.default(false).describe("Taken for Ansible's sake: the key is not returned."),
  })
  .refine(({ type, curve }) => type !== 'ECC' || curve !== undefined, {
    message: 'a key of ECC needs its curve',
    path: ['curve'],
  });

type Args = z.output<typeof args>;

export default defineModule<typeof args, Made | Lacking>({
  name: 'openssl_privatekey',
  summary: 'Manage a private key, made by openssl',
  notes: ['The mode of a new key is 0600, unless `mode` says something else.'],
  examples: `
- openssl_privatekey: {path: /etc/ssl/private/shop.key}
- openssl_privatekey: {path: /etc/ssl/private/shop.key, type: ECC, curve: secp384r1, owner: www-data}
`,
  returns: { curve: 'The curve of an ECC key.', filename: 'The file.', type: 'RSA, ECC and the like.', size: 'Bits.' },
  args,
  secrets: ({ passphrase }) => (passphrase === undefined ? [] : [passphrase]),
  ...byProgram<Args, Made>(OPENSSL, { probe, parse: (stdout) => withText(parseMade(stdout)), decide }),
});

/** Of all that openssl prints of a key only what it is, never the key. */
function probe({ path, passphrase }: Args): Script {
  const describe = sh`t=$(printf '%s\\n' "$pass" | openssl pkey -in "$f" -noout -text -passin stdin) || return; printf '%s\\n' "$t" | grep -E 'Private-Key|^ASN1 OID|^modulus'`;
  const script = sh`IFS= read -r pass || :
${probeMade(path, describe)}`;
  return withStdin(script, `${passphrase ?? ''}\n`);
}

/** `RSA 4096`, `ECC secp384r1`, `Ed25519`. */
function withText({ found, ...made }: Made): Made {
  if (found === undefined) return made;
  const curve = /^ASN1 OID: (\S+)/m.exec(found)?.[1];
  if (curve !== undefined) return { ...made, found: `ECC ${plainCurve(curve)}` };
  const size = /\((\d+) bit/.exec(found)?.[1];
  if (size !== undefined && /modulus/.test(found)) return { ...made, found: `RSA ${size}` };
  const word = /^(?:(\w+) )?Private-Key/m.exec(found)?.[1];
  return { ...made, found: word?.replace(/^ED/, 'Ed') ?? 'a key of another kind' };
}

/** The names that X9.62 has for two of them. */
const plainCurve = (curve: string) =>
  ({ secp256r1: 'prime256v1', secp192r1: 'prime192v1' })[curve.toLowerCase()] ?? curve;

function decide(args: Args, state: Made, context: DecideContext): Decision<Made> {
  const { path, type, size, curve, regenerate } = args;
  const result = { filename: path, type, ...(type === 'RSA' && { size }), ...(type === 'ECC' && { curve }) };
  if (args.state === 'absent') return removeMade(args, state, 'a private key', { filename: path });
  const wanted = type === 'RSA' ? `RSA ${size}` : type === 'ECC' ? `ECC ${plainCurve(curve ?? '')}` : type;
  const there = state.file.type === 'file';
  const keep = there && regenerate === 'never' && !args.force;
  if (there && !keep && !args.force && state.found !== wanted) {
    const read = state.found !== undefined;
    if (regenerate === 'fail' || (!read && regenerate === 'partial_idempotence'))
      return {
        kind: 'fail',
        message: read
          ? `${path} is a key of ${state.found}, expected ${wanted}`
          : `${path} cannot be read as a private key with this passphrase`,
        hint: 'Move it away, or say `regenerate: full_idempotence`, which replaces it.',
      };
  }
  const wish = {
    args,
    kind: 'private key',
    wanted,
    make: generate(args),
    mode: '0600',
    result,
    anew: regenerate === 'always',
  };
  return decideMade(wish, keep ? { ...state, found: wanted } : state, context);
}

function generate({ type, size, curve, passphrase, cipher }: Args): Script {
  const options =
    type === 'RSA'
      ? ['-pkeyopt', `rsa_keygen_bits:${size}`]
      : type === 'ECC'
        ? ['-pkeyopt', `ec_paramgen_curve:${plainCurve(curve ?? '')}`]
        : [];
  const encrypted = passphrase !== undefined && [cipher === 'auto' ? '-aes-256-cbc' : `-${cipher}`, '-pass', 'stdin'];
  const command = sh`openssl genpkey -algorithm ${type === 'ECC' ? 'EC' : type} ${options} ${encrypted} -out "$f"`;
  return passphrase === undefined ? command : withStdin(command, `${passphrase}\n`);
}
