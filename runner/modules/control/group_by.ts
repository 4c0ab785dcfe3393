import * as z from 'zod';
import { words } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';

const args = z.strictObject({
  key: z.string().min(1).describe('Name of the group the host is put into; blanks become dashes.'),
  parents: words.default([]).describe('Groups that this group is put into; those that do not exist are made.'),
});

export default defineModule({
  name: 'group_by',
  summary: 'Put hosts into groups by what is known of them',
  traits: { changesVariables: 'hosts', effects: 'none' },
  examples: `
- group_by:
    key: "os_{{facts.os.id}}"
`,
  args,
  decide: ({ key, parents }, _state, { host }) => ({
    kind: 'ok',
    inventory: { host, groups: [key, ...parents].map((name) => name.replaceAll(' ', '-')), vars: {} },
  }),
});
