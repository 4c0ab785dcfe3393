import * as z from 'zod';
import { argv, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { flag, text, whole } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { described, differing, onOff, runs, shown } from '../shared/attribute.ts';
import type { Attribute } from '../shared/attribute.ts';
import { LINK_NAME, planningLinks } from './links/link.ts';
import { OVS, askOvs, bare, map, one, ovsRows, ovsText, shownMap, withoutOvs } from './links/ovsdb.ts';
import type { OvsValue } from './links/ovsdb.ts';
import { sections } from '../shared/sections.ts';

const linkName = z.string().regex(LINK_NAME, 'expected an interface name of at most 15 characters');

const args = z.strictObject({
  bridge: linkName.describe('The Open vSwitch bridge.'),
  port: linkName.describe('Name of the port, and of its interface.'),
  state: z
    .enum(['present', 'absent'])
    .default('present')
    .describe('Whether the bridge is to have it; absent takes it from any bridge.'),
  type: z
    .string()
    .optional()
    .describe("Type of its interface: gre, vxlan, geneve, internal, patch; '' for one that the host has."),
  options: z
    .record(z.string(), text)
    .optional()
    .describe('All options of the interface (remote_ip, key, dst_port, df_default ...): others are removed.'),
  tag: whole.optional().describe('VLAN; 0 for none.'),
  trunks: z.array(whole).optional().describe('VLANs that pass with their tags; an empty list for all.'),
  vlan_mode: z
    .enum(['', 'access', 'native-tagged', 'native-untagged', 'trunk', 'dot1q-tunnel'])
    .optional()
    .describe("How VLANs are treated; '' for what follows from tag and trunks."),
  protected: flag.optional().describe('Split horizon: nothing passes between two protected ports of a bridge.'),
  ofport_request: whole.optional().describe('Number the port would like to have.'),
  mtu: whole.optional().describe('Largest packet, in bytes.'),
  external_ids: z
    .record(z.string(), text)
    .default({})
    .describe("Remarks of the port; keys that are not named are left alone, '' removes one."),
});

type Args = z.output<typeof args>;

interface State {
  /** What ovs-vsctl said instead of an answer. */
  trouble?: string;
  exists: boolean;
  /** The bridge that has it. */
  bridge: string;
  type: string;
  options: Record<string, string>;
  tag: string;
  trunks: string;
  vlan_mode: string;
  protected: boolean;
  ofport_request: string;
  mtu: string;
  external_ids: Record<string, string>;
  /** Why Open vSwitch could not make it. */
  error: string;
}

function probe({ bridge, port }: Args): Script {
  const list = sh`ovs-vsctl --timeout=10 --format=json --if-exists`;
  return sh`echo @@port; if ${list} --columns=name,tag,trunks,vlan_mode,protected,external_ids list port ${port} 2>&1; then
echo @@interface; ${list} --columns=name,type,options,ofport_request,mtu_request,error list interface ${port} || exit
echo @@bridge; ${askOvs(sh`port-to-br ${port}`, 'no port named')}
echo @@target; ovs-vsctl --timeout=10 br-exists ${bridge} && echo yes || [ $? = 2 ] || exit
fi; true`;
}

function parse({ stdout }: { stdout: string }): State & { target: boolean } {
  const found = sections(stdout);
  const rows = ovsRows(found.get('port'));
  const port = rows?.[0] ?? {};
  const link = ovsRows(found.get('interface'))?.[0] ?? {};
  return {
    ...(!rows && { trouble: found.get('port') || 'nothing' }),
    exists: (rows?.length ?? 0) > 0,
    bridge: found.get('bridge') ?? '',
    type: one(link['type']),
    options: map(link['options']),
    tag: one(port['tag']),
    trunks: listed(port['trunks']),
    vlan_mode: one(port['vlan_mode']),
    protected: port['protected'] === true,
    ofport_request: one(link['ofport_request']),
    mtu: one(link['mtu_request']),
    external_ids: map(port['external_ids']),
    error: one(link['error']),
    target: found.get('target') === 'yes',
  };
}

function decide(args: Args, state: State & { target?: boolean }, context: DecideContext): Decision<State> {
  if (state.trouble) return withoutOvs(state.trouble, context);
  if (args.state === 'absent') return remove(args, state);
  const planned = context.planned(`ovs_bridge:${args.bridge}`) as { exists: boolean } | undefined;
  if (!(planned?.exists ?? state.target ?? true)) {
    return {
      kind: 'fail',
      message: `there is no Open vSwitch bridge ${args.bridge}`,
      hint: 'Make it with ovs_bridge first.',
    };
  }
  const here = state.exists && state.bridge === args.bridge;
  const all = attributes(args, here ? state : undefined);
  const { diff, steps } = differing(all);
  if (here && steps.length === 0)
    return faulty(args, state) ?? { kind: 'ok', result: { port: args.port, options: state.options } };
  if (here) return { kind: 'change', diff, steps, after: afterwards(args, state) };
  const set = all.filter(({ wanted }) => wanted);
  const taken = state.exists ? ['--if-exists', 'del-port', args.port, '--'] : [];
  return {
    kind: 'change',
    diff: [
      ...(state.exists ? [{ what: `${args.port} bridge`, before: state.bridge, after: args.bridge }] : []),
      ...(state.exists
        ? []
        : [{ what: `port ${args.port} of ${args.bridge}`, before: null, after: described(set, 'wanted') }]),
    ],
    steps: runs([
      argv(OVS, taken, 'add-port', args.bridge, args.port, ...set.flatMap(({ script }) => ['--', bare(script)])),
    ]),
    after: afterwards(args, state),
  };
}

export default defineModule<typeof args, State & { target?: boolean }>({
  name: 'ovs_port',
  summary: 'Manage a port of an Open vSwitch bridge: a tunnel, an interface, its VLANs',
  traits: { effects: 'network' },
  notes: [
    'What is configured is read back and compared, so that a changed remote_ip is found and corrected.',
    'A tunnel that Open vSwitch accepts but cannot make (no kernel support, a second one to the same end) is a failure.',
  ],
  examples: `- name: A tunnel to another host
  ovs_port:
    bridge: tun0
    port: gre2
    type: gre
    options:
      remote_ip: 10.0.0.12
    protected: true
`,
  returns: { port: 'Its name.', options: 'The options of its interface.' },
  args,
  resource: ({ port }) => `ovs_port:${port}`,
  probe,
  parse,
  decide: (args, state, context) => planningLinks(decide(args, state, context)),
  prove: true,
});

const listed = (value: OvsValue | undefined) =>
  Array.isArray(value) ? value.join(',') : value === undefined ? '' : String(value);

function attributes(args: Args, found: State | undefined): Attribute[] {
  const { port, options } = args;
  const set = (table: string, column: string, value: string) =>
    value === '' ? argv(OVS, 'clear', table, port, column) : argv(OVS, 'set', table, port, `${column}=${value}`);
  const column = (table: string, name: string, is: string | undefined, wanted: string | undefined): Attribute => ({
    what: `${port} ${name}`,
    found: is ?? '',
    wanted,
    script: set(table, name, wanted ?? ''),
  });
  const pairs = Object.entries(options ?? {}).map(([key, value]) => `options:${key}=${ovsText(value)}`);
  const cleared = found && Object.keys(found.options).length > 0 ? ['clear', 'interface', port, 'options', '--'] : [];
  return [
    column('interface', 'type', found?.type, args.type),
    {
      what: `${port} options`,
      found: shownMap(found?.options ?? {}),
      wanted: options && shownMap(options),
      script:
        pairs.length > 0
          ? argv(OVS, cleared, 'set', 'interface', port, pairs)
          : argv(OVS, 'clear', 'interface', port, 'options'),
    },
    column('port', 'tag', found?.tag, args.tag === 0 ? '' : shown(args.tag)),
    column('port', 'trunks', found?.trunks, args.trunks?.join(',')),
    column('port', 'vlan_mode', found?.vlan_mode, args.vlan_mode),
    {
      what: `${port} protected`,
      found: onOff(found?.protected ?? false),
      wanted: onOff(args.protected),
      script: set('port', 'protected', String(args.protected)),
    },
    column('interface', 'ofport_request', found?.ofport_request, shown(args.ofport_request)),
    {
      what: `${port} mtu`,
      found: found?.mtu ?? '',
      wanted: shown(args.mtu),
      script: set('interface', 'mtu_request', String(args.mtu)),
    },
    ...Object.entries(args.external_ids).map(([key, value]) => ({
      what: `${port} external_ids:${key}`,
      found: found?.external_ids[key] ?? '',
      wanted: value,
      script:
        value === ''
          ? argv(OVS, 'remove', 'port', port, 'external_ids', key)
          : argv(OVS, 'set', 'port', port, `external_ids:${key}=${ovsText(value)}`),
    })),
  ];
}

function faulty({ port }: Args, state: State): Decision<State> | undefined {
  if (!state.error) return undefined;
  return {
    kind: 'fail',
    message: `Open vSwitch could not make ${port}: ${state.error}`,
    hint: 'See /var/log/openvswitch/ovs-vswitchd.log on the host.',
  };
}

function afterwards(args: Args, state: State): State {
  return {
    ...state,
    exists: true,
    bridge: args.bridge,
    type: args.type ?? state.type,
    options: args.options ?? state.options,
    tag: args.tag === 0 ? '' : (shown(args.tag) ?? state.tag),
    trunks: args.trunks?.join(',') ?? state.trunks,
    vlan_mode: args.vlan_mode ?? state.vlan_mode,
    protected: args.protected ?? state.protected,
    ofport_request: shown(args.ofport_request) ?? state.ofport_request,
    mtu: shown(args.mtu) ?? state.mtu,
    external_ids: { ...state.external_ids, ...args.external_ids },
    error: '',
  };
}

function remove({ port }: Args, state: State): Decision<State> {
  if (!state.exists) return { kind: 'ok' };
  return {
    kind: 'change',
    diff: [
      {
        what: `port ${port} of ${state.bridge}`,
        before: [state.type, shownMap(state.options)].filter(Boolean).join(' ') || 'present',
        after: null,
      },
    ],
    steps: runs([argv(OVS, '--if-exists', 'del-port', port)]),
    after: { ...state, exists: false, bridge: '', options: {}, external_ids: {} },
  };
}
