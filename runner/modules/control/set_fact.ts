import * as z from 'zod';
import { flag } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';

const NAME = /^[A-Za-z_]\w*$/;

const args = z
  .looseObject({
    cacheable: flag.default(false).describe('Taken for the sake of old playbooks; facts live as long as the run.'),
  })
  .superRefine((facts, issues) => {
    for (const name of Object.keys(facts)) {
      if (!NAME.test(name))
        issues.addIssue({
          code: 'custom',
          path: [name],
          message: `'${name}' is not a valid name: use letters, digits and _`,
        });
    }
    if (Object.keys(facts).length < 2) issues.addIssue({ code: 'custom', message: 'there is nothing to set' });
  });

export default defineModule({
  name: 'set_fact',
  summary: 'Give the host variables, from here to the end of the run',
  traits: { changesVariables: 'arguments', effects: 'none' },
  notes: ['Every argument is the name of a variable; the name may hold templates.'],
  examples: `
- set_fact:
    advertise: "{{ansible_facts.default_ipv4.address}}"
`,
  args,
  freeNames: true,
  decide({ cacheable: _, ...vars }) {
    return { kind: 'ok', vars, result: { ansible_facts: vars } };
  },
});
