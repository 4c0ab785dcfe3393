import { z } from 'zod';
import { defineModule } from './module.ts';

const args = z.strictObject({
  key: z.string().min(1).describe('Name of the group the host is put into; blanks become dashes.'),
});

export default defineModule({
  name: 'group_by',
  summary: 'Put hosts into groups by what is known of them',
  examples: `
- group_by:
    key: "os_{{facts.os.id}}"
`,
  args,
  decide: ({ key }, _state, { host }) => ({ kind: 'ok', inventory: { host, groups: [key.replaceAll(' ', '-')], vars: {} } }),
});
