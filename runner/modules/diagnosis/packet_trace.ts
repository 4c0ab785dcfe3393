import { defineModule } from '../../model/module.ts';
import type { Step } from '../../model/module.ts';
import { args } from './trace/args.ts';
import { countScript, readScript } from './trace/count.ts';
import { sendScript, sentOf } from './trace/send.ts';
import { withKernel } from './trace/kernel.ts';
import { countsOf } from './trace/parse.ts';

const SCRIPTS = { count: countScript, send: sendScript, read: readScript };

export default defineModule<typeof args, undefined>({
  name: 'packet_trace',
  summary: 'Find out where between hosts packets are lost',
  notes: [
    'Three tasks, each on all hosts: `count`, `send`, `read`. A table of nftables of its own, xrun_trace_NUMBER, counts for each peer what is sent, what has passed the own firewall, what arrives, and what has passed the firewall there. It takes no packet away, and goes after two minutes by itself. Two traces at once do not disturb each other.',
    'Needs nft; bash for UDP and TCP, perl for other protocols. What cannot be sent is not reported as lost.',
  ],
  examples: `
- packet_trace:
    phase: count
    peers: "[{'host': 'node2', 'address': '192.0.2.2'}]"
    flows: "[{'protocol': 'udp', 'port': 4789}]"
`,
  args,
  evaluates: ['peers', 'flows'],
  traits: { effects: 'none', opaque: true },
  decide: (args) => ({ kind: 'ok', steps: [{ do: 'run', script: SCRIPTS[args.phase](args) } satisfies Step] }),
  result: ({ phase, peers, flows }, [ran]) => {
    if (!ran) return {};
    if (ran.rc !== 0) return { unable: ran.stderr.trim().split('\n').at(-1) || `exit code ${ran.rc}` };
    if (phase === 'send') return { ...sentOf(ran.stdout) };
    const { text, kernel } = withKernel(ran.stdout);
    return phase === 'count' ? { table: text, kernel } : { counts: countsOf(text, peers, flows), kernel };
  },
});
