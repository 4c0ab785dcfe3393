import * as z from 'zod';
import { defineModule } from '../../model/module.ts';

const args = z.strictObject({
  action: z
    .enum([
      'flush_handlers',
      'end_host',
      'end_play',
      'end_batch',
      'refresh_inventory',
      'clear_facts',
      'clear_host_errors',
      'reset_connection',
      'noop',
    ])
    .describe('What xrun itself is to do.'),
});

export default defineModule({
  name: 'meta',
  summary: 'Steer the run itself: flush handlers, end a host or a play, forget facts',
  traits: { controlsFlow: true, effects: 'none' },
  notes: ['The engine carries it out; nothing happens on the host.'],
  examples: `
- name: Restart what has changed before going on
  meta: flush_handlers
`,
  args,
  freeForm: 'action',
  decide: () => ({ kind: 'ok' }),
});
