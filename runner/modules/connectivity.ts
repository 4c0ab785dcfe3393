import { z } from 'zod';
import type { MatrixCell } from '../events.ts';
import { raw, sh } from '../shell/script.ts';
import { defineModule } from './module.ts';

const args = z.strictObject({
  container: z.string().min(1).describe('The container on this host that asks; it needs ping, wget and md5sum, as busybox has them.'),
  hosts: z.array(z.string()).describe('The hosts whose containers are to be reached; its own is left out.'),
  addresses: z.any().describe('`hostvars`, where each host has the output of a task that printed the address of its container.'),
  register: z.string().default('address').describe('The name that task registered.'),
  prefix: z.string().default('').describe("What stands before a host's name in its container's."),
  named: z.boolean().default(false).describe('Try the name as well, where the network has DNS.'),
  port: z.number().int().default(8099).describe('Where a peer serves `/data` and its checksum `/data.md5` over HTTP.'),
});

/** What was found of one peer: the first probe that failed, or the round trip in milliseconds. */
interface Reach {
  host: string;
  failed: string;
  time: string;
}

/** ICMP header and IPv4 header: what a ping's payload has to leave room for. */
const HEADERS = 28;

export default defineModule<typeof args, Reach[]>({
  name: 'connectivity',
  summary: 'Try to reach other containers from one: ping, ping of full MTU, TCP with a checksum, name',
  notes: ['It only reads. The result has `good` and `cells`, one for each peer, which `matrix` shows; nothing fails by itself.'],
  examples: `
- connectivity:
    container: "proof-{{inventory_hostname}}"
    hosts: "{{play_hosts}}"
    addresses: "{{hostvars}}"
  register: reach
`,
  args,
  probe: ({ container, port, ...wanted }) => {
    const peers = peersOf({ container, ...wanted });
    const each = peers.map(({ host, address, name }) => sh`(${host}; reach ${address} ${name ?? ''})`.text.replace(/^\(([^;]*);/, '(h=$1;'));
    return raw(`c=${sh`${container}`.text}
inside() { docker exec "$c" "$@" 2>/dev/null; }
mtu=$(inside sh -c 'cat /sys/class/net/eth0/mtu 2>/dev/null || ip link show eth0 | sed -n "s/.* mtu \\([0-9]*\\).*/\\1/p"' | head -n 1)
reach() {
  out=$(inside ping -c 2 -W 2 "$1") || { echo "$h|ping|"; return; }
  t=$(printf '%s\\n' "$out" | sed -n 's/.*time=\\([0-9.]*\\) ms.*/\\1/p' | tail -n 1)
  inside ping -c 2 -W 2 -s $((\${mtu:-1400} - ${HEADERS})) "$1" >/dev/null || { echo "$h|ping of full MTU \${mtu}|"; return; }
  inside timeout 10 sh -c 'want=$(wget -q -O - "http://$1:${port}/data.md5" | cut -c1-32); got=$(wget -q -O - "http://$1:${port}/data" | md5sum | cut -c1-32); [ -n "$want" ] && [ "$want" = "$got" ]' sh "$1" || { echo "$h|TCP transfer|"; return; }
  if [ -n "$2" ]; then inside ping -c 1 -W 2 "$2" >/dev/null || { echo "$h|ping by name $2|"; return; }; fi
  echo "$h||$t"
}
${each.map((one) => `${one} &`).join('\n')}
wait`);
  },
  parse: ({ stdout }) =>
    stdout.split('\n').filter(Boolean).map((line) => {
      const [host = '', failed = '', time = ''] = line.split('|');
      return { host, failed, time };
    }),
  decide(wanted, found) {
    const peers = peersOf(wanted);
    const cells: Record<string, MatrixCell> = {};
    for (const { host } of peers) {
      const reach = found.find((f) => f.host === host);
      if (!reach) cells[host] = { ok: false, text: 'no answer' };
      else cells[host] = reach.failed ? { ok: false, text: reach.failed } : { ok: true, text: reach.time ? `${reach.time} ms` : 'ok' };
    }
    return { kind: 'ok', result: { cells, good: Object.values(cells).every((c) => c.ok === true) } };
  },
});

interface Wanted {
  container: string;
  hosts: string[];
  addresses?: unknown;
  register: string;
  prefix: string;
  named: boolean;
}

/** The other hosts' containers; one whose host printed no address is there all the same, and cannot be reached. */
function peersOf({ container, hosts, addresses, register, prefix, named }: Wanted): { host: string; address: string; name?: string }[] {
  const of = addresses as Record<string, Record<string, { stdout?: string }>>;
  const others = hosts.filter((host) => `${prefix}${host}` !== container);
  return others.map((host) => ({ host, address: of[host]?.[register]?.stdout?.trim() || 'no-address', ...(named && { name: `${prefix}${host}` }) }));
}
