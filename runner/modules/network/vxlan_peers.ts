import * as z from 'zod';
import { sh } from '../../model/script.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { runs } from '../shared/attribute.ts';
import { ip } from '../shared/ip.ts';
import { sections } from '../shared/sections.ts';
import { ipJson } from './addresses/ip-json.ts';
import { LINK_NAME, linkOf, linksProbe, parseLinks, withoutIproute } from './links/link.ts';
import type { Link } from './links/link.ts';

/** The address that stands for all whose place is not known: https://www.kernel.org/doc/html/latest/networking/vxlan.html */
const EVERYBODY = '00:00:00:00:00:00';

const args = z.strictObject({
  dev: z
    .string()
    .regex(LINK_NAME, 'expected an interface name of at most 15 characters')
    .describe('The VXLAN interface.'),
  peers: z.array(ip).describe('Addresses of all other hosts; those that are not named are removed.'),
});

type Args = z.output<typeof args>;

interface State {
  link: Link;
  peers: string[];
}

export default defineModule<typeof args, State>({
  name: 'vxlan_peers',
  summary: 'Manage to which hosts a VXLAN interface sends what it knows no place for',
  traits: { effects: 'network' },
  notes: [
    'Broadcasts, and packets for hardware addresses not yet heard of, go to every peer; answers teach the interface who is where. No multicast and no daemon is needed.',
    'The change lasts until the interface goes, at the next boot at the latest.',
  ],
  examples: `- name: All others
  vxlan_peers:
    dev: vx42
    peers: [192.0.2.12, 192.0.2.13]
`,
  args,
  resource: ({ dev }) => `vxlan_peers:${dev}`,
  probe: ({ dev }) => sh`${linksProbe([dev])}
[ ! -e ${`/sys/class/net/${dev}`} ] || { echo @@entries; bridge -j fdb show dev ${dev}; }`,
  parse: ({ stdout }, { dev }) => ({
    link: parseLinks(stdout)[dev] as Link,
    peers: peersOf(sections(stdout).get('entries')),
  }),
  decide,
  prove: true,
});

/** What `bridge -j fdb show` prints; only what is used here. */
interface Entry {
  mac: string;
  dst?: string;
}

function peersOf(entries: string | undefined): string[] {
  return entries === undefined
    ? []
    : ipJson<Entry>(entries).flatMap(({ mac, dst }) => (mac === EVERYBODY && dst ? [dst] : []));
}

function decide({ dev, peers }: Args, state: State, context: DecideContext): Decision<State> {
  if (state.link.trouble) return withoutIproute(state.link.trouble, context);
  const link = linkOf(dev, state.link, context);
  if (!link.exists || link.kind !== 'vxlan')
    return {
      kind: 'fail',
      message: link.exists ? `${dev} is not a VXLAN interface` : `there is no interface ${dev}`,
      hint: 'Make it with ip_link, `kind: vxlan`, first.',
    };
  const wanted = [...new Set(peers)];
  const more = wanted.filter((peer) => !state.peers.includes(peer));
  const gone = state.peers.filter((peer) => !wanted.includes(peer));
  if (more.length + gone.length === 0) return { kind: 'ok', result: { peers: wanted } };
  return {
    kind: 'change',
    diff: [{ what: `${dev} peers`, before: state.peers.join('\n') || null, after: wanted.join('\n') || null }],
    steps: runs([
      ...gone.map((peer) => sh`bridge fdb delete ${EVERYBODY} dev ${dev} dst ${peer}`),
      ...more.map((peer) => sh`bridge fdb append ${EVERYBODY} dev ${dev} dst ${peer}`),
    ]),
    after: { link, peers: wanted },
  };
}
