import * as z from 'zod';
import { text, whole, words } from '../../model/arguments/scalars.ts';
import { decideKey, keyArgs, keyRules } from './key.ts';
import type { Key, NoAnswer } from './key.ts';
import { etcdWriter, parseEtcd, probeEtcd } from './etcd.ts';
import { defineModule } from '../../model/module.ts';

const args = z
  .strictObject({
    key: z
      .string()
      .regex(/^[^\0\n]+$/, 'expected a key on one line')
      .describe('The key, `/coreos.com/network/config`.'),
    ...keyArgs,
    endpoints: words
      .default(['http://127.0.0.1:2379'])
      .describe('Addresses of etcd, as the host reaches it; the first that answers is asked.'),
    api: whole
      .refine((version) => version === 2 || version === 3, 'expected 2 or 3')
      .default(3)
      .describe("Version of etcd's API. The two keep stores of their own: what one writes the other does not see."),
    served_by: text
      .default('etcd')
      .describe('Unit of this host that serves the store: where a check would start it, the store counts as empty.'),
  })
  .superRefine(keyRules);

export default defineModule<typeof args, Key | NoAnswer>({
  name: 'etcd_kv',
  summary: 'Keep a value in etcd',
  traits: { effects: 'cluster' },
  notes: [
    'The host needs etcdctl or curl; without them a task fails and says so. curl speaks API 3 with etcd 3.4 and later, etcdctl with every version.',
    'API 2 has to be switched on (`--enable-v2`) from 3.4 on, and is gone in 3.6.',
  ],
  examples: `
- etcd_kv:
    key: /coreos.com/network/config
    value: '{"Network": "10.5.0.0/16", "Backend": {"Type": "vxlan"}}'
    endpoints: ['http://10.0.0.1:2379']
- etcd_kv: {key: /coreos.com/network/subnets, state: absent, recurse: true}
`,
  args,
  resource: ({ key, api }) => `etcd_kv:${api}:${key}`,
  probeMayFail: true,
  probe: probeEtcd,
  parse: parseEtcd,
  decide: (args, found, context) => decideKey(args, found, context, etcdWriter(args)),
  prove: true,
});
