import * as z from 'zod';
import { text } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import { flowsOf } from './flows.ts';
import { probeView } from './view/probe.ts';
import { viewOf } from './view/parse.ts';
import { senderOf } from './view/sender.ts';
import type { HostView } from './view/view.ts';

const args = z.strictObject({
  network: text.default('overlay').describe('Name or id of a network of Docker, or of one that Docker does not know.'),
  address: text
    .optional()
    .describe(
      'By which the other hosts send to this one; its address in the swarm, or that of its default route, where not given.',
    ),
});

export default defineModule<typeof args, HostView>({
  name: 'network_state',
  summary: 'Report what of a host decides over the packets of its containers',
  notes: [
    'It only reads: interfaces, addresses, routes, firewalls, Docker, its swarm, the network and its containers on this host. The result has `view`, which `network_causes` compares with those of other hosts, `flows`, what hosts with such a network send each other, and `container`, the first of the network on this host.',
    'A program that is missing or fails leaves its part of the view empty.',
  ],
  examples: `
- network_state:
    network: overlay
  register: network_state
`,
  returns: {
    view: 'What decides over the packets of this host.',
    flows: 'What hosts with such a network send each other.',
    container: 'A container that can be reached, and by which address.',
  },
  args,
  fresh: true,
  probeMayFail: true,
  traits: { effects: 'none', readsElsewhere: true },
  probe: ({ network }) => probeView(network),
  parse: ({ stdout }, { address }) => viewOf(stdout, address),
  decide: (_args, view) => {
    const sender = senderOf(view);
    const container = sender ? { pid: sender.pid, address: sender.address } : null;
    return { kind: 'ok', result: { view, flows: flowsOf(view), container } };
  },
});
