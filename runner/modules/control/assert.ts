import * as z from 'zod';
import { conditions } from '../../model/arguments/judged.ts';
import { flag } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';

/** One text, or one for each line. */
const words = z.union([z.string(), z.array(z.string())], 'expected a text or a list of texts');

const args = z.strictObject({
  that: conditions.describe('What must hold: a condition, or a list of them.'),
  msg: words.optional().describe('What to say if it does not; `fail_msg` is another word for it.'),
  fail_msg: words.optional().describe('The same as `msg`.'),
  success_msg: words.optional().describe('What to say if it does.'),
  quiet: flag.default(false).describe('Say nothing if all holds.'),
});

export default defineModule({
  name: 'assert',
  summary: 'Fail unless conditions hold',
  traits: { judges: true, effects: 'none' },
  examples: `
- assert:
    that:
      - facts.memory_mb >= 1024
      - iface in facts.interfaces
    fail_msg: "{{inventory_hostname}} has no {{iface}} or too little memory"
`,
  returns: { assertion: 'The condition that does not hold.', evaluated_to: 'Its value.' },
  args,
  conditions: ['that'],
  decide({ that, msg, fail_msg, success_msg, quiet }) {
    const failed = that.find(({ ok }) => !ok);
    if (!failed) {
      const text = success_msg ?? 'All assertions passed';
      return { kind: 'ok', result: { msg: text }, ...(success_msg && !quiet && { message: [text].flat().join('\n') }) };
    }
    const own = fail_msg ?? msg;
    const message = own ? `${[own].flat().join('\n')} (${failed.source})` : `this does not hold: ${failed.source}`;
    return {
      kind: 'fail',
      message,
      result: { msg: own ?? 'Assertion failed', assertion: failed.source, evaluated_to: false },
    };
  },
});
