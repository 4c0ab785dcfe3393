import * as z from 'zod';
import { sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { flag, seconds, whole, words } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { Decision, Step } from '../../model/module.ts';
import { cidr, ip, network } from '../shared/ip.ts';
import { LINK_NAME } from './links/link.ts';
import { mac } from './addresses/mac.ts';
import type { ConfigFile } from './persist/config.ts';
import { ifupdownFile, ifupdownPath } from './persist/ifupdown.ts';
import { isSourced, restoredInterfaces, withSource, withoutInterfaces } from './persist/interfaces.ts';
import { networkManagerFiles } from './persist/network-manager.ts';
import { earlierFile } from './persist/networkd-order.ts';
import { networkdFile, networkdFiles } from './persist/networkd.ts';
import { interfacesFiles, parsePersist, persistProbe } from './persist/persist-state.ts';
import type { PersistState as State, System } from './persist/persist-state.ts';

const linkName = z.string().regex(LINK_NAME, 'expected an interface name of at most 15 characters');

const args = z.strictObject({
  name: linkName.describe('Interface.'),
  state: z
    .enum(['present', 'absent'])
    .default('present')
    .describe('Absent: what the network system knew before counts again.'),
  kind: z
    .enum(['bridge', 'existing'])
    .default('bridge')
    .describe('bridge: the network system makes it; existing: something else does, such as Open vSwitch.'),
  members: words.default([]).describe('Interfaces in the bridge.'),
  bare: words.default([]).describe('Interfaces that get no address, because something else uses them.'),
  addresses: z.array(cidr).default([]).describe('Addresses with their prefix lengths.'),
  gateway: ip.optional().describe('Router of the default route.'),
  dns: z.array(ip).default([]).describe('Name servers.'),
  routes: z
    .array(
      z.strictObject({
        to: network.describe('Destination in CIDR form.'),
        via: ip.describe('The gateway.'),
        metric: whole.optional().describe('Smaller wins.'),
      }),
    )
    .default([])
    .describe('Further routes: {to, via, metric}.'),
  mac: mac.optional().describe('Hardware address of the bridge.'),
  mtu: whole.optional().describe('Largest packet, in bytes.'),
  stp: flag.optional().describe('Spanning tree of the bridge.'),
  forward_delay: seconds.optional().describe('Forward delay of the bridge, in seconds.'),
  accept_ra: flag
    .default(false)
    .describe('Whether IPv6 routers may configure it (systemd-networkd and NetworkManager).'),
  system: z
    .enum(['auto', 'networkd', 'networkmanager', 'ifupdown'])
    .default('auto')
    .describe('The network system; auto finds the one that has the interfaces.'),
});

type Args = z.output<typeof args>;
function decide(args: Args, state: State): Decision<State> {
  const { system } = state;
  if (system === 'none') {
    if (args.state === 'absent') return { kind: 'ok' };
    return {
      kind: 'fail',
      message: 'no network system that xrun knows is in charge of this host',
      hint: 'Known are systemd-networkd (also under netplan), NetworkManager and ifupdown.',
    };
  }
  if (system === 'networkmanager' && args.kind === 'existing') {
    return {
      kind: 'fail',
      message: `NetworkManager cannot keep the addresses of ${args.name}, which it does not make`,
      hint: 'Have systemd-networkd or ifupdown manage the interfaces of this host.',
    };
  }
  const refused = args.state === 'present' ? overruled(args, state) : undefined;
  if (refused) return refused;
  const decision = compare(state, { ...wantedFiles(args, system), ...edits(args, state) }, reload(system));
  return decision.kind === 'ok' && args.state === 'present' ? readBack(args, state, decision) : decision;
}

export default defineModule({
  name: 'network_config',
  summary: "Write an interface down for the host's network system, so that it is there after a reboot",
  traits: { effects: 'network' },
  notes: [
    'The running network is changed by linux_bridge, ip_address and ip_route; this module sees to the next boot, and notifies the network system.',
    'For systemd-networkd (netplan included) and NetworkManager files are added that come before the existing ones; for ifupdown what the interfaces files say of the members is commented out, and a line that reads the new file is added where none does.',
    'What was written is read back: `ifquery`, `nmcli`, or the file that systemd-networkd uses. A file of systemd-networkd that comes first and matches one of the interfaces is an error. The result names the `system`.',
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
  returns: { system: 'What reads the configuration at a boot: networkd, ifupdown or NetworkManager.' },
  args,
  resource: ({ name }) => `network_config:${name}`,
  probe: persistProbe,
  parse: parsePersist,
  decide,
  prove: { timeout: 5, interval: 1 },
});

/** The refusal where a file that was there has the last word on an interface. */
function overruled(args: Args, { system, early, used }: State): Decision<State> | undefined {
  if (system !== 'networkd') return undefined;
  for (const link of subjects(args)) {
    const file = earlierFile(networkdFile(link), link, early, used[link]);
    if (file)
      return {
        kind: 'fail',
        message: `systemd-networkd would not use what this task writes for ${link}: ${file} comes first and matches it`,
        hint: `Give that file a name that comes after ${networkdFile(link).split('/').at(-1)}, such as 10-${file.split('/').at(-1)!.replace(/^\d+-/, '')}, or exclude ${link} in its [Match].`,
      };
  }
  return undefined;
}

const subjects = ({ name, members, bare }: Args) => [name, ...members, ...bare];

/** What the system that reads the files at boot says of them, now that they are as wanted. */
function readBack(args: Args, state: State, right: Decision<State>): Decision<State> {
  const { name } = args;
  const { system, listed, profiles, used } = state;
  if (system === 'ifupdown' && listed?.error)
    return {
      kind: 'fail',
      message: `ifupdown cannot read its configuration: ${listed.error}`,
      hint: 'See "ifquery --list -a" on the host.',
    };
  if (system === 'ifupdown' && listed && !listed.names.includes(name))
    return {
      kind: 'fail',
      message: `ifupdown does not know ${name}, though ${ifupdownPath(name)} is there`,
      hint: 'See "ifquery --list -a" on the host.',
    };
  const unread =
    system === 'networkmanager' && profiles
      ? networkManagerFiles(args).find(({ path }) => !profiles.includes(path))
      : undefined;
  if (unread) return again(state, `${unread.path} in NetworkManager`, null, unread.path);
  const other =
    system === 'networkd'
      ? subjects(args).find((link) => used[link] !== undefined && used[link] !== networkdFile(link))
      : undefined;
  return other === undefined
    ? right
    : again(state, `file of ${other} in systemd-networkd`, used[other]!, networkdFile(other));
}

/** The files are right, but the running system has not read them yet. */
function again(state: State, what: string, before: string | null, after: string): Decision<State> {
  return {
    kind: 'change',
    diff: [{ what, before, after }],
    steps: [{ do: 'run', script: reload(state.system as System)! }],
    after: state,
    result: { system: state.system },
  };
}

/** Path to wanted content; null for a file that must not be there. */
type Wanted = Record<string, ConfigFile | null>;

function wantedFiles(args: Args, system: System): Wanted {
  const makers = {
    networkd: networkdFiles,
    networkmanager: networkManagerFiles,
    ifupdown: (config: Args) => [ifupdownFile(config)],
  };
  const files = makers[system](args);
  return Object.fromEntries(files.map((file) => [file.path, args.state === 'present' ? file : null]));
}

/** The other files of ifupdown, without the interfaces that are taken over, and with ours read; whatever the system, for `absent`. */
function edits(args: Args, state: State): Wanted {
  const others = interfacesFiles(state);
  const present = args.state === 'present' && state.system === 'ifupdown';
  const originals = Object.fromEntries(others.map(([path, content]) => [path, restoredInterfaces(content, args.name)]));
  const own = ifupdownPath(args.name);
  const wanted = (path: string, original: string) => {
    const edited = present ? withoutInterfaces(original, subjects(args), args.name) : original;
    return present && path === '/etc/network/interfaces' && !isSourced(own, originals)
      ? withSource(edited, own, args.name)
      : edited;
  };
  return Object.fromEntries(
    others.flatMap(([path, content]) => {
      const text = wanted(path, originals[path]!);
      return text === content ? [] : [[path, { path, content: text, mode: '' }]];
    }),
  );
}

function compare(state: State, wanted: Wanted, reloading: Script | undefined): Decision<State> {
  const wrong = Object.entries(wanted).filter(([path, file]) => (file?.content ?? undefined) !== state.files[path]);
  if (wrong.length === 0) return { kind: 'ok', result: { system: state.system } };
  const after = Object.entries({
    ...state.files,
    ...Object.fromEntries(wrong.map(([path, file]) => [path, file?.content])),
  });
  return {
    kind: 'change',
    diff: wrong.map(([what, file]) => ({ what, before: state.files[what] ?? null, after: file?.content ?? null })),
    steps: [
      ...(state.noDirectory ? directory(wrong) : []),
      ...wrong.map(([path, file]) => write(path, file)),
      ...(reloading ? [{ do: 'run' as const, script: reloading }] : []),
    ],
    after: {
      ...state,
      files: Object.fromEntries(after.filter(([, content]) => content !== undefined)) as Record<string, string>,
    },
    result: { system: state.system },
  };
}

function directory(wrong: readonly [string, ConfigFile | null][]): Step[] {
  const path = '/etc/network/interfaces.d';
  return wrong.some(([file, wanted]) => wanted && file.startsWith(`${path}/`))
    ? [{ do: 'run', script: sh`mkdir -p ${path}` }]
    : [];
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
