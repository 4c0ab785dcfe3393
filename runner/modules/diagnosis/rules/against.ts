import { containsNetwork, parseNetwork } from '../../../language/values/network.ts';
import type { Flow } from '../flows.ts';
import type { RuleView } from './rule.ts';

/** Where a packet passes firewalls on its way: out of a host and into it, as the kernel names it; `forward` for those of containers. */
const HOOKS = {
  out: ['output', 'postrouting'],
  in: ['prerouting', 'input'],
  forward: ['prerouting', 'forward', 'postrouting'],
  egress: ['egress'],
  ingress: ['ingress'],
};

/** What a packet that was lost is known by. */
export interface Lost {
  way: keyof typeof HOOKS;
  flow: Pick<Flow, 'protocol' | 'port'>;
  /** Whence and where to, where that is not this host. */
  from?: string | undefined;
  to?: string | undefined;
  /** The interface that it leaves or enters by. */
  dev?: string | undefined;
}

/** Names of protocols in rules, by IANA's numbers. */
const NAMES: Record<string, string> = {
  '1': 'icmp',
  '6': 'tcp',
  '17': 'udp',
  '47': 'gre',
  '50': 'esp',
  '58': 'icmpv6',
};
const PROTOCOLS = /\b(tcp|udp|udplite|icmp|icmpv6|ipv6-icmp|esp|ah|gre|sctp)\b/g;
/** Conditions that hold for few packets: such a rule is named when nothing else is found. */
const RARE = /ctstate|--state|ct state|addrtype|\bfib\b|pkttype|limit|rpfilter|ether type/;

/** The rules that may have dropped a packet: those that name its port, else its protocol or the other host, else the rest. */
export function rulesAgainst(drops: readonly RuleView[], lost: Lost): RuleView[] {
  const possible = drops
    .filter(({ hooks }) => hooks === undefined || hooks.some((hook) => HOOKS[lost.way].includes(hook)))
    .filter(({ where }) => ofFamily(where, lost.from ?? lost.to))
    .map((rule) => ({ rule, rank: rank(rule, lost) }));
  const best = Math.max(...possible.map(({ rank: one }) => one));
  return possible.filter((one) => one.rank === best && best >= 0).map(({ rule }) => rule);
}

/** Whether a firewall sees packets of IPv4, or of IPv6 where the address is one: ARP's and bridges' do not. */
function ofFamily(where: string, address = ''): boolean {
  const other = address.includes(':') ? /^(iptables|nft ip) / : /^(ip6tables|nft ip6) /;
  return !other.test(where) && !/^nft (arp|bridge) /.test(where);
}

/** How well a rule fits: 3 by its port, 2 by protocol or host, 1 by nothing that contradicts, 0 rarely; -1 it does not. */
function rank({ text, means = text }: RuleView, { flow, from, to, dev, way }: Lost): number {
  const words = positive(means);
  const ports = portsOf(words);
  const ends = [endOf(words, 's', from), endOf(words, 'd', to)];
  const protocols = protocolsOf(words);
  const own = NAMES[flow.protocol] ?? flow.protocol;
  const port = flow.port === undefined ? false : ports.some(([low, high]) => low <= flow.port! && flow.port! <= high);
  if (ports.length > 0 && !port) return -1;
  if (protocols.length > 0 && !protocols.includes(own)) return -1;
  if (ends.includes(false)) return -1;
  if (otherInterface(words, way, dev)) return -1;
  if (port) return 3;
  if (RARE.test(words)) return 0;
  return ends.includes(true) || protocols.length > 0 ? 2 : 1;
}

/** Whether the addresses that a rule names for one end include this one; undefined where it names none, or this one is not known. */
function endOf(text: string, end: 's' | 'd', address: string | undefined): boolean | undefined {
  const named = addressesOf(text, end);
  return address === undefined || named.length === 0 ? undefined : named.some((one) => includes(one, address));
}

/** Without conditions that are negated: they hold for most packets. */
function positive(text: string): string {
  return text
    .replaceAll(/! (-{1,2}[\w-]+) \S+/g, '')
    .replaceAll(/(?:\b(?:ip6?|tcp|udp|meta|th) )?\b\w+ != (?:\{[^}]*\}|\S+)/g, '');
}

function protocolsOf(text: string): string[] {
  const numbers = [...text.matchAll(/(?:-p |\bprotocol |\bl4proto |\bnexthdr )(\d+)/g)].map(
    ([, number]) => NAMES[number!] ?? number!,
  );
  // What a packet is rejected with is no condition.
  const conditions = text.replace(/(--reject-with|\breject with) .*/, '').replaceAll(/"[^"]*"/g, '');
  return [...numbers, ...[...conditions.matchAll(PROTOCOLS)].map((match) => match[0])];
}

/** The ranges of ports that a rule names. */
function portsOf(text: string): [low: number, high: number][] {
  const lists = [...text.matchAll(/(?:--(?:d|s)?ports? |\b[ds]port )(\{[^}]*\}|[\d:,-]+)/g)].map((match) => match[1]!);
  return lists.flatMap((list) =>
    [...list.matchAll(/(\d+)(?:\s*[:-]\s*(\d+))?/g)].map(([, low, high]): [number, number] => [
      Number(low),
      Number(high ?? low),
    ]),
  );
}

/** The addresses, networks and ranges that a rule names for one end. */
function addressesOf(text: string, end: 's' | 'd'): string[] {
  const named = [
    ...text.matchAll(
      new RegExp(`(?:-${end} |\\b${end}addr |--${end === 's' ? 'src' : 'dst'}-range )(\\{[^}]*\\}|\\S+)`, 'g'),
    ),
  ];
  return named.flatMap(([, list]) =>
    list!.split(/[\s,{}]+/).filter((one) => /^[\da-f.:/-]+$/i.test(one) && one !== ''),
  );
}

function includes(named: string, address: string): boolean {
  const [low, high] = named.split('-').map(parseNetwork);
  const one = parseNetwork(address);
  if (!low || !one || low.address.bits !== one.address.bits) return false;
  return high
    ? low.address.value <= one.address.value && one.address.value <= high.address.value
    : containsNetwork(low, one);
}

/** Whether it is for packets of another interface. */
function otherInterface(text: string, way: Lost['way'], dev: string | undefined): boolean {
  if (dev === undefined || way === 'forward') return false;
  const name = (
    way === 'out' || way === 'egress'
      ? /(?:-o |\boif(?:name)? )"?([\w.@:-]+[+*]?)/
      : /(?:-i |\biif(?:name)? )"?([\w.@:-]+[+*]?)/
  ).exec(text)?.[1];
  return name !== undefined && (/[+*]$/.test(name) ? !dev.startsWith(name.slice(0, -1)) : name !== dev);
}
