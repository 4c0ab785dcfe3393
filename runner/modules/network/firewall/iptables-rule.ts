import { splitWords } from '../../../model/words.ts';

/** What one rule matches and does, in the words of the arguments of the iptables module. */
export interface Rule {
  protocol?: string | undefined;
  source?: string | undefined;
  destination?: string | undefined;
  in_interface?: string | undefined;
  out_interface?: string | undefined;
  source_port?: string | undefined;
  destination_port?: string | undefined;
  destination_ports?: string[] | undefined;
  ctstate?: string[] | undefined;
  src_type?: string | undefined;
  dst_type?: string | undefined;
  src_range?: string | undefined;
  dst_range?: string | undefined;
  icmp_type?: string | undefined;
  tcp_flags?: { flags: string[]; flags_set: string[] } | undefined;
  syn?: 'match' | 'negate' | 'ignore' | undefined;
  limit?: string | undefined;
  limit_burst?: number | undefined;
  uid_owner?: string | undefined;
  gid_owner?: string | undefined;
  match?: string[] | undefined;
  rule?: string | undefined;
  comment?: string | undefined;
  jump?: string | undefined;
  goto?: string | undefined;
  reject_with?: string | undefined;
  to_destination?: string | undefined;
  to_source?: string | undefined;
  to_ports?: string | undefined;
  set_mss?: number | undefined;
  clamp_mss_to_pmtu?: boolean | undefined;
  set_mark?: string | undefined;
  log_prefix?: string | undefined;
  log_level?: string | undefined;
}

/** The rule as iptables takes it, in the order in which `iptables -S` prints it. */
export function ruleWords(rule: Rule): string[] {
  const protocol = rule.protocol?.toLowerCase();
  const ported =
    rule.source_port ?? rule.destination_port ?? rule.tcp_flags ?? (rule.syn === 'ignore' ? undefined : rule.syn);
  return [
    ...option('-s', rule.source && withLength(rule.source)),
    ...option('-d', rule.destination && withLength(rule.destination)),
    ...option('-i', rule.in_interface),
    ...option('-o', rule.out_interface),
    ...option('-p', protocol),
    ...(rule.match ?? []).flatMap((name) => ['-m', name]),
    ...(ported && protocol && !rule.match?.includes(matchOf(protocol)) ? ['-m', matchOf(protocol)] : []),
    ...option('--sport', rule.source_port),
    ...option('--dport', rule.destination_port),
    ...(rule.tcp_flags ? ['--tcp-flags', rule.tcp_flags.flags.join(','), rule.tcp_flags.flags_set.join(',')] : []),
    ...(rule.syn === 'match' ? ['--syn'] : rule.syn === 'negate' ? ['!', '--syn'] : []),
    ...matching('multiport', rule.match, option('--dports', rule.destination_ports?.join(','))),
    ...(matchOf(protocol) === 'icmp6'
      ? matching('icmp6', rule.match, option('--icmpv6-type', rule.icmp_type))
      : matching('icmp', rule.match, option('--icmp-type', rule.icmp_type))),
    ...matching('conntrack', rule.match, option('--ctstate', rule.ctstate?.join(','))),
    ...matching('addrtype', rule.match, [
      ...option('--src-type', rule.src_type),
      ...option('--dst-type', rule.dst_type),
    ]),
    ...matching('iprange', rule.match, [
      ...option('--src-range', rule.src_range),
      ...option('--dst-range', rule.dst_range),
    ]),
    ...matching('limit', rule.match, [
      ...option('--limit', rule.limit),
      ...option('--limit-burst', text(rule.limit_burst)),
    ]),
    ...matching('owner', rule.match, [
      ...option('--uid-owner', rule.uid_owner),
      ...option('--gid-owner', rule.gid_owner),
    ]),
    ...splitWords(rule.rule ?? ''),
    ...matching('comment', rule.match, option('--comment', rule.comment)),
    ...option('-j', rule.jump),
    ...option('-g', rule.goto),
    ...target(rule),
  ];
}

function target(rule: Rule): string[] {
  return [
    ...option('--reject-with', rule.reject_with),
    ...option('--to-destination', rule.to_destination),
    ...option('--to-source', rule.to_source),
    ...option('--to-ports', rule.to_ports),
    ...option('--set-mss', text(rule.set_mss)),
    ...(rule.clamp_mss_to_pmtu ? ['--clamp-mss-to-pmtu'] : []),
    ...option('--set-xmark', rule.set_mark),
    ...option('--log-prefix', rule.log_prefix),
    ...option('--log-level', rule.log_level),
  ];
}

/** Extensions of protocols that are not called as the protocol is written: by number, or by another name. */
const MATCHES: Record<string, string> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  33: 'dccp',
  50: 'esp',
  51: 'ah',
  58: 'icmp6',
  132: 'sctp',
  136: 'udplite',
  icmpv6: 'icmp6',
  'ipv6-icmp': 'icmp6',
};

/** The extension that has a protocol's own matches. */
function matchOf(protocol: string | undefined): string {
  const name = (protocol ?? '').replace(/^! ?/, '');
  return MATCHES[name] ?? name;
}

/** A value that begins with `!` is negated: `! -s 10.0.0.0/8`. */
function option(name: string, value: string | undefined): string[] {
  if (value === undefined) return [];
  return value.startsWith('!') ? ['!', name, value.slice(1).trim()] : [name, value];
}

function matching(module: string, given: string[] | undefined, words: string[]): string[] {
  return words.length === 0 || given?.includes(module) ? words : ['-m', module, ...words];
}

/** iptables prints a single address as a network of one. */
function withLength(value: string): string {
  if (/[/,]/.test(value) || !/^!? ?[\d.]+$|:/.test(value)) return value;
  return `${value}/${value.includes(':') ? 128 : 32}`;
}

const text = (value: number | undefined) => (value === undefined ? undefined : String(value));

/** A rule as `iptables -S` prints it. */
export function ruleLine(chain: string, words: readonly string[]): string {
  return [
    '-A',
    chain,
    ...words.map((word) => (/^[\w@%+:,./=!-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`)),
  ].join(' ');
}
