import { sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { shown } from '../../shared/attribute.ts';
import type { Attribute } from '../../shared/attribute.ts';
import { featureName } from './features.ts';
import { enter } from './namespace-link.ts';
import type { NamespaceLink } from './namespace-link.ts';

/** What an interface inside a namespace hangs on: a bridge, by a veth pair, or an interface, as a macvlan. */
export type Hold = { kind: 'linux' | 'ovs'; bridge: string } | { kind: 'macvlan'; parent: string };

/** What it is to be like inside. */
interface Wanted {
  name: string;
  address?: string | undefined;
  gateway?: string | undefined;
  mac?: string | undefined;
  mtu?: number | undefined;
  offload?: Record<string, boolean> | undefined;
}

/** All attributes, in the order in which they can be set; those of the host end only where there is one. */
export function attributes(wanted: Wanted, state: NamespaceLink, host: string, hold: Hold): Attribute[] {
  return [
    ...(hold.kind === 'macvlan' ? [bridging(wanted, state)] : outside(wanted, state, host, hold)),
    ...inside(wanted, state),
  ];
}

/** A macvlan is made in the mode in which those of one interface reach each other. */
function bridging({ name }: Wanted, { where, inside: { exists, mode } }: NamespaceLink): Attribute {
  return {
    what: `${name} mode`,
    found: mode,
    wanted: exists ? 'bridge' : undefined,
    script: sh`${enter(where)} ip link set dev ${name} type macvlan mode bridge`,
  };
}

function outside({ mtu }: Wanted, state: NamespaceLink, host: string, hold: Hold & { bridge: string }): Attribute[] {
  const joined = hold.kind === 'ovs' ? state.ovsBridge : state.host.master;
  return [
    { what: `${host} bridge`, found: joined, wanted: hold.bridge, script: join(host, hold) },
    {
      what: `${host} mtu`,
      found: shown(state.host.mtu),
      wanted: shown(mtu),
      script: sh`ip link set dev ${host} mtu ${mtu}`,
    },
    {
      what: `${host} link`,
      found: state.host.up ? 'up' : 'down',
      wanted: 'up',
      script: sh`ip link set dev ${host} up`,
    },
  ];
}

function inside(
  { name, address, gateway, mac, mtu, offload }: Wanted,
  { where, inside: link, gateway: router }: NamespaceLink,
): Attribute[] {
  const into = enter(where);
  return [
    { what: `${name} mac`, found: link.mac, wanted: mac, script: sh`${into} ip link set dev ${name} address ${mac}` },
    {
      what: `${name} mtu`,
      found: shown(link.mtu),
      wanted: shown(mtu),
      script: sh`${into} ip link set dev ${name} mtu ${mtu}`,
    },
    ...Object.entries(offload ?? {}).map(([feature, on]) => ({
      what: `${name} ${featureName(feature)}`,
      found: link.features[featureName(feature)]?.split(' ')[0] ?? '',
      wanted: on ? 'on' : 'off',
      script: sh`${into} ethtool -K ${name} ${feature} ${on ? 'on' : 'off'}`,
    })),
    {
      what: `${name} link`,
      found: link.up ? 'up' : 'down',
      wanted: 'up',
      script: sh`${into} ip link set dev ${name} up`,
    },
    {
      what: `${name} address`,
      found: link.addresses.join(' '),
      wanted: address,
      script: sh`${into} ip address flush dev ${name} scope global && ${into} ip address add ${address} dev ${name}`,
    },
    // After the address: flushing it took the route along.
    {
      what: `${name} gateway`,
      found: link.addresses.join(' ') === (address ?? link.addresses.join(' ')) ? router : '',
      wanted: gateway,
      script: sh`${into} ip route replace default via ${gateway} dev ${name}`,
    },
  ];
}

function join(host: string, { kind, bridge }: Hold & { bridge: string }): Script {
  if (kind === 'linux') return sh`ip link set dev ${host} master ${bridge}`;
  return sh`ip link set dev ${host} nomaster; ovs-vsctl --timeout=30 --if-exists del-port ${host} -- add-port ${bridge} ${host}`;
}

/** Makes the bare interface, and before that removes what is in its place. */
export function making(name: string, state: NamespaceLink, host: string, hold: Hold): Script[] {
  const { where } = state;
  const ownPair = state.host.exists && state.inside.kind === 'veth'; // which goes with its host end
  return [
    ...(state.host.exists ? [sh`ip link delete dev ${host}`] : []),
    ...(state.inside.exists && !ownPair ? [sh`${enter(where)} ip link delete dev ${name}`] : []),
    ...(hold.kind === 'macvlan'
      ? // Older kernels refuse to make it inside at once where the host has an interface of the same name.
        [
          sh`ip link add link ${hold.parent} name ${host} type macvlan mode bridge`,
          sh`ip link set dev ${host} netns ${where} name ${name}`,
        ]
      : [sh`ip link add name ${host} type veth peer name ${name} netns ${where}`]),
  ];
}
