import * as z from 'zod';
import { sh } from '../../model/script.ts';
import { flag, whole } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import { byProgram } from '../shared/program.ts';
import type { Lacking } from '../shared/program.ts';
import { OPENSSL, decideMade, parseMade, probeMade, removeMade } from './made/made.ts';
import type { Made } from './made/made.ts';
import { madeArgs } from './made/made-args.ts';

const args = z.strictObject({
  ...madeArgs,
  size: whole.default(4096).describe('Bits. 4096 take minutes to be found.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether there is such a file.'),
  return_content: flag.default(false).describe("Taken for Ansible's sake: the content is not returned."),
});

type Args = z.output<typeof args>;

export default defineModule<typeof args, Made | Lacking>({
  name: 'openssl_dhparam',
  summary: 'Manage parameters for Diffie-Hellman, made by openssl',
  examples: `
- openssl_dhparam: {path: /etc/ssl/dhparam.pem, size: 2048}
`,
  returns: { filename: 'The file.', size: 'Bits.' },
  args,
  ...byProgram<Args, Made>(OPENSSL, {
    probe: ({ path }) =>
      probeMade(
        path,
        sh`openssl dhparam -in "$f" -noout -text | sed -n 's/.*(\\([0-9]*\\) bit).*/\\1 bits/p' | grep .`,
      ),
    parse: parseMade,
    decide(args, state, context) {
      const { path, size } = args;
      const result = { filename: path, size };
      if (args.state === 'absent') return removeMade(args, state, 'parameters', { filename: path });
      const make = sh`openssl dhparam -out "$f" ${size} 2>/dev/null`;
      return decideMade(
        { args, kind: 'file of parameters', wanted: `${size} bits`, make, mode: '0644', result },
        state,
        context,
      );
    },
  }),
});
