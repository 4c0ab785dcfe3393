import * as z from 'zod';
import { expression } from '../../model/arguments/judged.ts';
import { whole } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';

const args = z
  .strictObject({
    msg: z.unknown().optional().describe('Text, or any value, to show.'),
    var: expression.optional().describe('An expression whose value to show.'),
    verbosity: whole.default(0).describe('Taken for the sake of old playbooks; the text is shown anyway.'),
  })
  .refine(({ msg, var: variable }) => msg === undefined || variable === undefined, 'give either msg or var');

export default defineModule({
  name: 'debug',
  summary: 'Show a text or a value',
  traits: { effects: 'none' },
  examples: `
- debug:
    msg: "The manager is {{manager}}"
- debug:
    var: ansible_facts.default_ipv4
`,
  returns: { '*': 'What is shown, by its name.' },
  args,
  freeForm: 'msg',
  evaluates: ['var'],
  decide({ msg, var: variable }) {
    if (!variable) return { kind: 'ok', message: shown(msg ?? 'Hello world!'), result: { msg: msg ?? 'Hello world!' } };
    const { source, value } = variable;
    return { kind: 'ok', message: `${source}: ${shown(value)}`, result: { [source]: value } };
  },
});

function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? 'undefined');
}
