import * as z from 'zod';
import { flag, seconds } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';

const args = z
  .strictObject({
    seconds: seconds.optional().describe('How long to wait.'),
    minutes: seconds.optional().describe('The same in minutes.'),
    prompt: z.string().min(1).optional().describe('What to ask; with a time, what to say.'),
    echo: flag.default(true).describe('Show what is typed.'),
  })
  .refine(({ seconds, minutes }) => seconds === undefined || minutes === undefined, 'give either seconds or minutes');

type Args = z.output<typeof args>;

export default defineModule({
  name: 'pause',
  summary: 'Wait, or ask who runs the playbook',
  notes: [
    'Once for all hosts whose turn it is; the answer is `user_input` of the result on each of them.',
    'With a time it waits; otherwise it asks, and goes on at Enter, or at once without a terminal. A check does neither.',
  ],
  examples: `
- pause:
    minutes: 2
- pause:
    prompt: Look at the first host. Enter goes on, Ctrl-C ends the run
- pause:
    prompt: The new password
    echo: false
  register: answer
`,
  returns: {
    delta: 'Seconds that it took.',
    echo: 'Whether what was typed was shown.',
    user_input: 'What was typed.',
    rc: '0.',
    stdout: 'What it waited for, in words.',
    stderr: 'Empty.',
  },
  args,
  traits: { once: true, opaque: true, effects: 'none' },
  decide(args) {
    const wait = duration(args);
    const result = { rc: 0, stderr: '', delta: wait ?? 0, echo: args.echo, user_input: '' };
    if (wait === undefined)
      return {
        kind: 'ok',
        result,
        steps: [{ do: 'ask', question: args.prompt ?? 'Press Enter to go on', hidden: !args.echo }],
      };
    const message = args.prompt === undefined ? undefined : { message: args.prompt };
    return {
      kind: 'ok',
      result: { ...result, stdout: `Paused for ${wait} seconds` },
      steps: [{ do: 'sleep', seconds: wait }],
      ...message,
    };
  },
  result: (_args, steps) => ({ user_input: steps[0]?.stdout ?? '' }),
});

function duration({ seconds, minutes }: Args): number | undefined {
  return minutes === undefined ? seconds : minutes * 60;
}
