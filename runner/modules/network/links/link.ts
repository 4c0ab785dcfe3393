import { sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import type { DecideContext, Decision } from '../../../model/module.ts';
import { ipJson } from '../addresses/ip-json.ts';
import { sections } from '../../shared/sections.ts';

/** A network interface. Modules that manage one name it `link:NAME`, so that planned changes are seen by the others. */
export interface Link {
  exists: boolean;
  /** Its number in its network namespace; 0 where it does not exist. */
  index: number;
  /** What `ip` said instead of an answer: iproute2 is missing, or too old for JSON. */
  trouble?: string;
  /** `bridge`, `veth`, `macvlan`, `tun` ...; empty for a physical one. */
  kind: string;
  up: boolean;
  mtu: number;
  /** The largest that its driver takes; absent where it sets no limit, or does not report it. */
  maxMtu?: number;
  /** Lower case. */
  mac: string;
  /** The bridge or bond it is a member of; empty for none. */
  master: string;
  /** The interface it is based on (VLAN, macvlan) or is joined to (veth); empty for none. */
  parent: string;
  /** Options of its kind, as `ip -j -d link` reports them. */
  options: Record<string, unknown>;
  /** `ethtool -k`: `tx-checksumming` to `on`, `off` or `off [fixed]`. Only where a task asked for it. */
  features?: Record<string, string>;
  /** Other interfaces that the task had looked at. */
  others?: Record<string, Link>;
}

/** What `ip -j -d link show` prints of an interface; only what is used here. */
interface IpLink {
  ifindex: number;
  flags: string[];
  mtu: number;
  max_mtu?: number;
  address?: string;
  master?: string;
  link?: string;
  linkinfo?: { info_kind?: string; info_data?: Record<string, unknown> };
}

export const NO_LINK: Link = {
  exists: false,
  index: 0,
  kind: '',
  up: false,
  mtu: 0,
  mac: '',
  master: '',
  parent: '',
  options: {},
};

/** What drivers without a limit report as one. */
const UNLIMITED = 65535;

/** Prints interfaces; read them with {@link parseLinks}. */
export function linksProbe(names: readonly string[]): Script {
  const one = (name: string) => sh`echo ${`@@link ${name}`}; ip -j -d link show dev ${name} 2>&1`.text;
  return { text: `${[...new Set(names)].map(one).join('\n')}\ntrue` };
}

/** The interfaces of a {@link linksProbe}, by name. */
export function parseLinks(output: string): Record<string, Link> {
  const found = [...sections(output)].filter(([title]) => title.startsWith('link '));
  return Object.fromEntries(found.map(([title, text]) => [title.slice(5), parseLink(text)]));
}

function parseLink(text: string): Link {
  if (/does not exist|Cannot find device/.test(text)) return NO_LINK;
  if (!text.startsWith('[')) return { ...NO_LINK, trouble: text || 'ip printed nothing' };
  const link = ipJson<Partial<IpLink>>(text).find((one) => one.flags) as IpLink | undefined;
  if (!link) return NO_LINK;
  return {
    exists: true,
    index: link.ifindex,
    kind: link.linkinfo?.info_kind ?? '',
    up: link.flags.includes('UP'),
    mtu: link.mtu,
    ...(link.max_mtu && link.max_mtu < UNLIMITED && { maxMtu: link.max_mtu }),
    mac: link.address ?? '',
    master: link.master ?? '',
    parent: link.link ?? '',
    options: link.linkinfo?.info_data ?? {},
  };
}

/** The refusal for a host without iproute2; `unknown` where a task of this check would install it. */
export function withoutIproute(trouble: string, context: DecideContext): Decision<never> {
  if (context.planned('package:iproute2')) return { kind: 'unknown', why: 'iproute2 is not installed yet', steps: [] };
  return {
    kind: 'fail',
    message: `the host's ip command cannot answer: ${trouble.split('\n')[0]}`,
    hint: 'Install iproute2 (4.17 or newer) on the host; busybox ip is not enough.',
  };
}

/** The state of another interface: what an earlier task planned for it, else what was seen. */
export function linkOf(name: string, seen: Link | undefined, context: DecideContext): Link {
  const planned = context.planned(`link:${name}`) as Link | undefined;
  if (planned) return planned;
  const bridge = context.planned(`ovs_bridge:${name}`) as { exists: boolean } | undefined;
  const port = context.planned(`ovs_port:${name}`) as { exists: boolean; type: string } | undefined;
  if (!seen?.exists && (bridge?.exists || (port?.exists && port.type === 'internal'))) {
    return { ...NO_LINK, exists: true, kind: 'openvswitch' };
  }
  return seen ?? NO_LINK;
}

/** The plan of a check that says that an earlier task makes or switches on some interface. */
export const LINKS = 'links';

/** The same decision, which says in a check that some interface changes, and what becomes of others. */
export function planningLinks<State>(decision: Decision<State>, others: Record<string, Link> = {}): Decision<State> {
  if (decision.kind !== 'change') return decision;
  const plans = Object.fromEntries(Object.entries(others).map(([name, link]) => [`link:${name}`, link]));
  return { ...decision, plans: { ...decision.plans, ...plans, [LINKS]: true } };
}

/** A name the kernel accepts for an interface. */
export const LINK_NAME = /^[^/\s:]{1,15}$/;
