import * as z from 'zod';
import { defineModule } from './module.ts';

const args = z.strictObject({
  file: z.string().optional().describe('A YAML or JSON file of variables, looked for in the role and beside the playbook.'),
  dir: z.string().optional().describe('A directory: all its .yml, .yaml and .json files, in the order of their names.'),
  name: z.string().optional().describe('Put the variables under this one name.'),
});

export default defineModule({
  name: 'include_vars',
  summary: 'Read variables from a file of the controller while the play runs',
  notes: ['The engine carries it out; nothing happens on the host.'],
  examples: `
- name: Read what differs by system
  include_vars: "{{facts.os.family}}.yml"
`,
  args,
  freeForm: 'file',
  decide: () => ({ kind: 'ok' }),
});
