import * as z from 'zod';
import { flag } from '../../model/arguments/scalars.ts';
import { reaching } from './api/reach.ts';
import type { Trouble } from './api/reach.ts';
import { outside, parseSwarm, probeSwarm, swarmResult } from './swarm/swarm-state.ts';
import type { SwarmState } from './swarm/swarm-state.ts';
import { defineModule } from '../../model/module.ts';
import { SWARM_RETURNS } from './swarm/swarm-returns.ts';

const args = z.strictObject({
  join_tokens: flag.default(false).describe('Give the tokens for joining as well, on managers.'),
});

export default defineModule<typeof args, SwarmState | Trouble>({
  name: 'docker_swarm_info',
  summary: 'Report which swarm a host is in, and as what',
  notes: [
    'The result has `active`, `state`, `role`, `cluster_id`, `node_id`, `node_addr`, `managers` and, on managers, `nodes`.',
    'The id of the swarm on a worker is read from its certificate, which only root may read.',
  ],
  examples: `
- docker_swarm_info:
  register: swarm
`,
  returns: SWARM_RETURNS,
  args,
  resource: () => 'docker_swarm',
  probeMayFail: true,
  probe: ({ join_tokens }) => probeSwarm({ tokens: join_tokens }),
  parse: parseSwarm,
  decide: reaching(
    () => outside(),
    (_args, state) => ({ kind: 'ok', result: swarmResult(state) }),
  ),
  secretResults: ['join_tokens', 'unlock_key'],
});
