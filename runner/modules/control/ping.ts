import * as z from 'zod';
import { defineModule } from '../../model/module.ts';
import { raw } from '../../model/script.ts';

const args = z.strictObject({
  data: z.string().default('pong').describe('What the result says; `crash` fails, to try how a failure looks.'),
});

export default defineModule({
  name: 'ping',
  summary: 'Log in and run a shell, to see that the host can be worked with',
  examples: '- ping:\n',
  returns: { ping: '`pong`, or the given data.' },
  args,
  freeForm: 'data',
  probe: () => raw('echo pong'),
  parse: ({ stdout }) => stdout.trim(),
  decide({ data }, answer) {
    if (data === 'crash') return { kind: 'fail', message: 'boom' };
    if (answer !== 'pong') return { kind: 'fail', message: `the shell answered '${answer}', expected 'pong'` };
    return { kind: 'ok', result: { ping: data } };
  },
});
