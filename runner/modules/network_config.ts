import * as z from 'zod';
import { sh } from '../shell/script.ts';
import type { Script } from '../shell/script.ts';
import { flag, seconds, whole, words } from './arguments/scalars.ts';
import { defineModule } from './module.ts';
import type { Decision, Step } from './module.ts';
import { cidr, ip, network } from './net/ip.ts';
import { LINK_NAME } from './net/link.ts';
import { mac } from './net/mac.ts';
import type { ConfigFile } from './net/persist/config.ts';
import { ifupdownFile, restoredInterfaces, withoutInterfaces } from './net/persist/ifupdown.ts';
import { networkManagerFiles } from './net/persist/network-manager.ts';
import { networkdFiles } from './net/persist/networkd.ts';
import { sections } from './net/sections.ts';

const linkName = z.string().regex(LINK_NAME, 'expected an interface name of at most 15 characters');

const args = z.strictObject({
  name: linkName.describe('Interface.'),
  state: z.enum(['present', 'absent']).default('present').describe('Absent: what the network system knew before counts again.'),
  kind: z.enum(['bridge', 'existing']).default('bridge').describe('bridge: the network system makes it; existing: something else does, such as Open vSwitch.'),
  members: words.default([]).describe('Interfaces in the bridge.'),
  bare: words.default([]).describe('Interfaces that get no address, because something else uses them.'),
  addresses: z.array(cidr).default([]).describe('Addresses with their prefix lengths.'),
  gateway: ip.optional().describe('Router of the default route.'),
  dns: z.array(ip).default([]).describe('Name servers.'),
  routes: z.array(z.strictObject({ to: network.describe('Destination in CIDR form.'), via: ip.describe('The gateway.'), metric: whole.optional().describe('Smaller wins.') })).default([]).describe('Further routes: {to, via, metric}.'),
  mac: mac.optional().describe('Hardware address of the bridge.'),
  mtu: whole.optional().describe('Largest packet, in bytes.'),
  stp: flag.optional().describe('Spanning tree of the bridge.'),
  forward_delay: seconds.optional().describe('Forward delay of the bridge, in seconds.'),
  accept_ra: flag.default(false).describe('Whether IPv6 routers may configure it (systemd-networkd and NetworkManager).'),
  system: z.enum(['auto', 'networkd', 'networkmanager', 'ifupdown']).default('auto').describe('The network system; auto finds the one that has the interfaces.'),
});

type Args = z.output<typeof args>;
type System = 'networkd' | 'networkmanager' | 'ifupdown';

interface State {
  system: System | 'none';
  /** Content by path: the files that this module may write, and for ifupdown all of its files. */
  files: Record<string, string>;
}

/** Asks who has the interface now, then prints every file of the three systems that may matter. */
function probe({ name, members, bare }: Args): Script {
  const subjects = [...bare, ...members, name];
  return sh`echo @@system
for l in ${subjects}; do
  i=$(cat "/sys/class/net/$l/ifindex" 2>/dev/null) || continue
  grep -q '^ADMIN_STATE=configur' "/run/systemd/netif/links/$i" 2>/dev/null && echo networkd && break
done
if command -v systemctl >/dev/null; then
  systemctl is-active -q NetworkManager 2>/dev/null && echo networkmanager
  systemctl is-active -q systemd-networkd 2>/dev/null && echo networkd
fi
[ -f /etc/network/interfaces ] && command -v ifup >/dev/null && echo ifupdown
for f in /etc/systemd/network/05-xrun-* /etc/NetworkManager/system-connections/xrun-* /etc/network/interfaces /etc/network/interfaces.d/*; do
  [ -f "$f" ] && [ -r "$f" ] && echo "@@file $f" && { cat "$f"; echo; } | sed 's/^/ /'
done; true`;
}

function parse({ stdout }: { stdout: string }, { system }: Args): State {
  const found = stdout.split(/^@@file /m);
  const first = sections(found[0] ?? '').get('system')?.split('\n')[0] || 'none';
  const files = found.slice(1).map((text) => {
    const [path = '', ...content] = text.split('\n');
    return [path, content.slice(0, -1).map((line) => line.slice(1)).join('\n')];
  });
  return { system: system === 'auto' ? (first as State['system']) : system, files: Object.fromEntries(files) as Record<string, string> };
}

function decide(args: Args, state: State): Decision<State> {
  const { system } = state;
  if (system === 'none') {
    if (args.state === 'absent') return { kind: 'ok' };
    return { kind: 'fail', message: 'no network system that xrun knows is in charge of this host', hint: 'known are systemd-networkd (also under netplan), NetworkManager and ifupdown' };
  }
  if (system === 'networkmanager' && args.kind === 'existing') {
    return { kind: 'fail', message: `NetworkManager cannot keep the addresses of ${args.name}, which it does not make`, hint: 'have systemd-networkd or ifupdown manage the interfaces of this host' };
  }
  return compare(state, { ...wantedFiles(args, system), ...edits(args, state) }, reload(system));
}

export default defineModule({
  name: 'network_config',
  summary: "Write an interface down for the host's network system, so that it is there after a reboot",
  notes: [
    'The running network is changed by linux_bridge, ip_address and ip_route; this module sees to the next boot, and tells the network system.',
    'For systemd-networkd (netplan included) and NetworkManager files are added that come before the existing ones; for ifupdown what the interfaces files say of the members is commented out.',
  ],
  examples: `- name: The bridge is there after a reboot
  network_config:
    name: br0
    members: [eth0]
    addresses: [10.0.0.11/24]
    gateway: 10.0.0.1
    stp: false
    forward_delay: 0
`,
  args,
  resource: ({ name }) => `network_config:${name}`,
  probe,
  parse,
  decide,
});

/** Path to wanted content; null for a file that must not be there. */
type Wanted = Record<string, ConfigFile | null>;

function wantedFiles(args: Args, system: System): Wanted {
  const makers = { networkd: networkdFiles, networkmanager: networkManagerFiles, ifupdown: (config: Args) => [ifupdownFile(config)] };
  const files = makers[system](args);
  return Object.fromEntries(files.map((file) => [file.path, args.state === 'present' ? file : null]));
}

/** The other files of ifupdown, without the interfaces that are taken over; whatever the system, for `absent`. */
function edits(args: Args, { system, files }: State): Wanted {
  const others = Object.entries(files).filter(([path]) => path.startsWith('/etc/network/') && !path.includes('/xrun-'));
  const names = [...args.members, ...args.bare, args.name];
  return Object.fromEntries(
    others.flatMap(([path, content]) => {
      const original = restoredInterfaces(content, args.name);
      const wanted = args.state === 'present' && system === 'ifupdown' ? withoutInterfaces(original, names, args.name) : original;
      return wanted === content ? [] : [[path, { path, content: wanted, mode: '' }]];
    }),
  );
}

function compare(state: State, wanted: Wanted, reloading: Script | undefined): Decision<State> {
  const wrong = Object.entries(wanted).filter(([path, file]) => (file?.content ?? undefined) !== state.files[path]);
  if (wrong.length === 0) return { kind: 'ok', result: { system: state.system } };
  const after = Object.entries({ ...state.files, ...Object.fromEntries(wrong.map(([path, file]) => [path, file?.content])) });
  return {
    kind: 'change',
    diff: wrong.map(([what, file]) => ({ what, before: state.files[what] ?? null, after: file?.content ?? null })),
    steps: [...wrong.map(([path, file]) => write(path, file)), ...(reloading ? [{ do: 'run' as const, script: reloading }] : [])],
    after: { ...state, files: Object.fromEntries(after.filter(([, content]) => content !== undefined)) as Record<string, string> },
    result: { system: state.system },
  };
}

function write(path: string, file: ConfigFile | null): Step {
  if (!file) return { do: 'run', script: sh`rm -f ${path}`, touches: [path] };
  return { do: 'put', file: { path, content: Buffer.from(file.content), ...(file.mode && { mode: file.mode }) } };
}

/** The network system takes note now, lest it undo the running change when something else makes it look. */
function reload(system: System): Script | undefined {
  if (system === 'networkd') return sh`if systemctl is-active -q systemd-networkd; then networkctl reload; fi`;
  return system === 'networkmanager' ? sh`nmcli connection reload` : undefined;
}
