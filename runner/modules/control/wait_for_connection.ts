import * as z from 'zod';
import { seconds } from '../../model/arguments/scalars.ts';
import { elapsedIn, pausing } from '../shared/waiting.ts';
import { defineModule } from '../../model/module.ts';

const args = z.strictObject({
  timeout: seconds.default(600).describe('Seconds within which the host must be reachable.'),
  delay: seconds.default(0).describe('Seconds to wait before the first try.'),
  sleep: seconds.optional().describe('Taken for Ansible’s sake: xrun tries again every second.'),
  connect_timeout: seconds.optional().describe('Taken for Ansible’s sake: the host’s `xrun_connect_timeout` counts.'),
});

export default defineModule<typeof args, undefined>({
  name: 'wait_for_connection',
  summary: 'Log in afresh, and wait until that is possible',
  traits: { opaque: true },
  notes: [
    'For hosts that are still booting, in a play with `gather_facts: false`. One that does not come in time is unreachable. A check does not wait.',
  ],
  examples: `
- name: The new machine is up
  wait_for_connection:
    delay: 5
    timeout: 300
- setup:
`,
  returns: { elapsed: 'Seconds that it took.' },
  args,
  decide: ({ timeout, delay }) => ({ kind: 'ok', steps: [...pausing(delay), { do: 'reconnect', timeout }] }),
  result: (_args, steps) => elapsedIn(steps),
});
