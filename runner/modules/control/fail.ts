import * as z from 'zod';
import { defineModule } from '../../model/module.ts';

const args = z.strictObject({
  msg: z.string().default('Failed as requested from task').describe('Why.'),
});

export default defineModule({
  name: 'fail',
  summary: 'Fail with a message',
  traits: { judges: true, effects: 'none' },
  examples: `
- fail:
    msg: This host has no interface {{iface}}
  when: "!(iface in ansible_facts.interfaces)"
`,
  args,
  decide: ({ msg }) => ({ kind: 'fail', message: msg, result: { msg } }),
});
