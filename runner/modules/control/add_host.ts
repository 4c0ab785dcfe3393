import * as z from 'zod';
import { defineModule } from '../../model/module.ts';

const names = z.union([
  z.string().transform((text) =>
    text
      .split(',')
      .map((n) => n.trim())
      .filter(Boolean),
  ),
  z.array(z.string()),
]);
const args = z
  .object({
    name: z.string().min(1).describe('Name of the host.'),
    groups: names.default([]).describe('Groups it is in; those that do not exist are made.'),
  })
  .catchall(z.unknown());

export default defineModule({
  name: 'add_host',
  summary: 'Add a host to the inventory of this run',
  traits: { changesVariables: 'hosts', effects: 'none' },
  notes: ['All other arguments are variables of the host. It holds for the plays that follow.'],
  examples: `
- add_host:
    name: fresh
    groups: [new]
    xrun_host: 192.0.2.7
`,
  returns: { add_host: 'The name, groups and variables of the host.' },
  args,
  decide: ({ name, groups, ...vars }) => ({
    kind: 'ok',
    result: { add_host: name },
    inventory: { host: name, groups, vars },
  }),
});
