import * as z from 'zod';
import { path, text, whole } from '../../model/arguments/scalars.ts';
import { decideKey, keyArgs, keyRules } from './key.ts';
import type { Key, NoAnswer } from './key.ts';
import { consulWriter, parseConsul, probeConsul } from './consul.ts';
import { defineModule } from '../../model/module.ts';

const args = z
  .strictObject({
    key: z
      .string()
      .regex(/^[^/\0\n][^\0\n]*$/, "expected a key on one line; Consul's do not begin with a slash")
      .describe('The key, `app/config`.'),
    ...keyArgs,
    flags: whole
      .refine((flags) => flags >= 0, 'expected a number from 0 on')
      .optional()
      .describe('The number that Consul keeps beside a value for its users.'),
    address: z
      .string()
      .regex(/^https?:\/\//, 'expected an address with http:// or https://')
      .default('http://127.0.0.1:8500')
      .describe('Address of Consul, as the host reaches it.'),
    token_file: path.optional().describe('File on the host that holds an ACL token.'),
    served_by: text
      .default('consul')
      .describe('Unit of this host that serves the store: where a check would start it, the store counts as empty.'),
  })
  .superRefine(keyRules);

export default defineModule<typeof args, Key | NoAnswer>({
  name: 'consul_kv',
  summary: "Keep a value in Consul's key-value store",
  traits: { effects: 'cluster' },
  notes: ['The host needs consul or curl; without them a task fails and says so.'],
  examples: `
- consul_kv:
    key: app/config
    value: '{"workers": 4}'
- consul_kv: {key: app, state: absent, recurse: true}
`,
  args,
  resource: ({ key }) => `consul_kv:${key}`,
  probeMayFail: true,
  probe: probeConsul,
  parse: parseConsul,
  decide: (args, found, context) => decideKey(args, found, context, consulWriter(args)),
  prove: true,
});
