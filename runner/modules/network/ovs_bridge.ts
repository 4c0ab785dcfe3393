import * as z from 'zod';
import { argv, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { flag, text, whole, words } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { described, differing, onOff, runs, shown } from '../shared/attribute.ts';
import type { Attribute } from '../shared/attribute.ts';
import { LINK_NAME, NO_LINK, linkOf, linksProbe, parseLinks, planningLinks, withoutIproute } from './links/link.ts';
import type { Link } from './links/link.ts';
import { mac } from './addresses/mac.ts';
import { OVS, askOvs, bare, map, one, ovsRows, ovsText, shownMap, withoutOvs } from './links/ovsdb.ts';
import { sections } from '../shared/sections.ts';

const args = z
  .strictObject({
    name: z
      .string()
      .regex(LINK_NAME, 'expected an interface name of at most 15 characters')
      .describe('Name of the bridge, and of its own interface.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether the bridge is to exist.'),
    datapath_type: z
      .enum(['auto', 'system', 'netdev'])
      .optional()
      .describe('system: in the kernel; netdev: in the daemon; auto: the kernel where it has openvswitch.'),
    fail_mode: z.enum(['standalone', 'secure']).optional().describe('What happens without a controller.'),
    controllers: words.optional().describe('All OpenFlow controllers, `tcp:10.0.0.1:6653`; an empty list for none.'),
    stp: flag.optional().describe('Spanning tree.'),
    rstp: flag.optional().describe('Rapid spanning tree.'),
    mac: mac.optional().describe('Hardware address (other_config:hwaddr).'),
    mac_from: z.string().regex(LINK_NAME).optional().describe('Take the hardware address of this interface.'),
    mtu: whole.optional().describe("Largest packet of the bridge's own interface, in bytes."),
    other_config: z
      .record(z.string(), text)
      .default({})
      .describe("Further settings; keys that are not named are left alone, '' removes one."),
    external_ids: z
      .record(z.string(), text)
      .default({})
      .describe("Remarks; keys that are not named are left alone, '' removes one."),
    up: flag.default(true).describe("Whether the bridge's own interface is switched on."),
  })
  .refine((given) => !(given.mac && given.mac_from), 'give mac or mac_from, not both');

type Args = z.output<typeof args>;

interface State {
  /** What ovs-vsctl said instead of an answer. */
  trouble?: string;
  exists: boolean;
  /** Whether the kernel has, or can load, openvswitch. */
  kernel: boolean;
  datapath_type: string;
  fail_mode: string;
  controllers: string[];
  stp: boolean;
  rstp: boolean;
  other_config: Record<string, string>;
  external_ids: Record<string, string>;
  mtu_request: string;
  link: Link;
  /** The interface that mac_from names. */
  source?: Link;
}

const COLUMNS = 'name,datapath_type,fail_mode,stp_enable,rstp_enable,other_config,external_ids';

function probe({ name, mac_from }: Args): Script {
  return sh`echo @@bridge; if ovs-vsctl --timeout=10 --format=json ${`--columns=${COLUMNS}`} --if-exists list bridge ${name} 2>&1; then
echo @@controllers; ${askOvs(sh`get-controller ${name}`, 'no bridge named')}
echo @@interface; ovs-vsctl --timeout=10 --format=json --columns=name,mtu_request --if-exists list interface ${name} || exit
fi
echo @@kernel; [ -d /sys/module/openvswitch ] || modprobe -n -q openvswitch 2>/dev/null && echo yes
${linksProbe([name, ...(mac_from ? [mac_from] : [])])}`;
}

function parse({ stdout }: { stdout: string }, { name, mac_from }: Args): State {
  const found = sections(stdout);
  const rows = ovsRows(found.get('bridge'));
  const row = rows?.[0] ?? {};
  const links = parseLinks(stdout);
  const source = mac_from ? links[mac_from] : undefined;
  return {
    ...(!rows && { trouble: found.get('bridge') || 'nothing' }),
    exists: (rows?.length ?? 0) > 0,
    kernel: found.get('kernel') === 'yes',
    datapath_type: one(row['datapath_type']) || 'system',
    // What Open vSwitch does where nothing is said.
    fail_mode: one(row['fail_mode']) || 'standalone',
    controllers: (found.get('controllers') ?? '').split('\n').filter(Boolean).sort(),
    stp: row['stp_enable'] === true,
    rstp: row['rstp_enable'] === true,
    other_config: map(row['other_config']),
    external_ids: map(row['external_ids']),
    mtu_request: one(ovsRows(found.get('interface'))?.[0]?.['mtu_request']),
    link: links[name] ?? NO_LINK,
    ...(source && { source }),
  };
}

function decide(args: Args, state: State, context: DecideContext): Decision<State> {
  if (state.trouble) return withoutOvs(state.trouble, context);
  if (args.state === 'absent') return remove(args, state);
  const silent = state.link.trouble ?? state.source?.trouble;
  if (silent) return withoutIproute(silent, context);
  if (!state.exists && state.link.exists) {
    return {
      kind: 'fail',
      message: `${args.name} is ${state.link.kind || 'a physical interface'}, expected an Open vSwitch bridge`,
      hint: 'Choose another name, or remove it first.',
    };
  }
  const source = args.mac_from && linkOf(args.mac_from, state.source, context);
  if (source && !source.exists)
    return {
      kind: 'fail',
      message: `interface ${args.mac_from} does not exist`,
      hint: `${args.name} was to take its hardware address.`,
    };
  const all = attributes(args, state, args.mac ?? (source ? source.mac || undefined : undefined));
  const { diff, steps } = differing(all);
  if (state.exists && steps.length === 0)
    return { kind: 'ok', result: { name: args.name, datapath_type: state.datapath_type } };
  const after = afterwards(args, state, all);
  if (state.exists) return { kind: 'change', diff, steps, after };
  const set = all.filter(({ wanted }) => wanted !== undefined && wanted !== '');
  return {
    kind: 'change',
    diff: [{ what: `bridge ${args.name}`, before: null, after: described(set, 'wanted') }],
    steps: runs([
      argv(
        OVS,
        'add-br',
        args.name,
        ...set.flatMap(({ script }) => (script.text.includes('ovs-vsctl') ? ['--', bare(script)] : [])),
      ),
      ...set.filter(({ script }) => !script.text.includes('ovs-vsctl')).map(({ script }) => script),
    ]),
    after,
  };
}

export default defineModule({
  name: 'ovs_bridge',
  summary: 'Manage a bridge of Open vSwitch',
  traits: { effects: 'network' },
  notes: [
    'Open vSwitch keeps its bridges over a reboot; the addresses of their interfaces it does not.',
    'Flows are not looked at: what a controller or ovs-ofctl has put into a bridge stays.',
  ],
  examples: `- name: A bridge for the tunnels
  ovs_bridge:
    name: tun0
    datapath_type: auto
`,
  returns: { name: 'Its name.', datapath_type: '`system` or `netdev`.' },
  args,
  resource: ({ name }) => `ovs_bridge:${name}`,
  probe,
  parse,
  decide: (args, state, context) => planningLinks(decide(args, state, context)),
});

function attributes(args: Args, state: State, address: string | undefined): Attribute[] {
  const { name } = args;
  const set = (words: string[]) => argv(OVS, 'set', 'bridge', name, words);
  const type = args.datapath_type === 'auto' ? (state.kernel ? 'system' : 'netdev') : args.datapath_type;
  const config = { ...args.other_config, ...(address && { hwaddr: address }) };
  const found = state.exists ? state : undefined;
  return [
    {
      what: `${name} datapath_type`,
      found: found?.datapath_type,
      wanted: type,
      script: set([`datapath_type=${type}`]),
    },
    {
      what: `${name} fail_mode`,
      found: found?.fail_mode,
      wanted: args.fail_mode,
      script: set([`fail_mode=${args.fail_mode}`]),
    },
    {
      what: `${name} controllers`,
      found: state.controllers.join(' '),
      wanted: args.controllers && [...args.controllers].sort().join(' '),
      script:
        args.controllers?.length === 0
          ? argv(OVS, 'del-controller', name)
          : argv(OVS, 'set-controller', name, args.controllers ?? []),
    },
    { what: `${name} stp`, found: onOff(found?.stp), wanted: onOff(args.stp), script: set([`stp_enable=${args.stp}`]) },
    {
      what: `${name} rstp`,
      found: onOff(found?.rstp),
      wanted: onOff(args.rstp),
      script: set([`rstp_enable=${args.rstp}`]),
    },
    ...entries(name, 'other_config', config, state.other_config),
    ...entries(name, 'external_ids', args.external_ids, state.external_ids),
    {
      what: `${name} mtu`,
      found: found?.mtu_request,
      wanted: shown(args.mtu),
      script: argv(OVS, 'set', 'interface', name, `mtu_request=${args.mtu}`),
    },
    {
      what: `${name} link`,
      found: state.link.up ? 'up' : 'down',
      wanted: args.up ? 'up' : 'down',
      script: sh`ip link set dev ${name} ${args.up ? 'up' : 'down'}`,
    },
  ];
}

function entries(
  name: string,
  column: string,
  wanted: Record<string, string>,
  found: Record<string, string>,
): Attribute[] {
  return Object.entries(wanted).map(([key, value]) => ({
    what: `${name} ${column}:${key}`,
    found: found[key] ?? '',
    wanted: value,
    script:
      value === ''
        ? argv(OVS, 'remove', 'bridge', name, column, key)
        : argv(OVS, 'set', 'bridge', name, `${column}:${key}=${ovsText(value)}`),
  }));
}

function afterwards(args: Args, state: State, all: readonly Attribute[]): State {
  const wanted = (what: string) => all.find((one) => one.what === `${args.name} ${what}`)?.wanted;
  const address = wanted('other_config:hwaddr');
  return {
    ...state,
    exists: true,
    datapath_type: wanted('datapath_type') ?? state.datapath_type,
    fail_mode: args.fail_mode ?? state.fail_mode,
    controllers: args.controllers ?? state.controllers,
    stp: args.stp ?? state.stp,
    rstp: args.rstp ?? state.rstp,
    other_config: { ...state.other_config, ...args.other_config, ...(address && { hwaddr: address }) },
    external_ids: { ...state.external_ids, ...args.external_ids },
    mtu_request: shown(args.mtu) ?? state.mtu_request,
    link: { ...state.link, exists: true, up: args.up },
  };
}

function remove({ name }: Args, state: State): Decision<State> {
  if (!state.exists) return { kind: 'ok' };
  return {
    kind: 'change',
    diff: [
      {
        what: `bridge ${name}`,
        before: shownMap({ datapath_type: state.datapath_type, ...state.other_config }),
        after: null,
      },
    ],
    steps: runs([argv(OVS, '--if-exists', 'del-br', name)]),
    after: { ...state, exists: false, other_config: {}, external_ids: {}, link: NO_LINK },
  };
}
