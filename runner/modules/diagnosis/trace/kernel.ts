/** Prints the kernel's own counters of packets, under a line of their own. */
export const KERNEL = 'echo @@kernel; cat /proc/net/snmp /proc/net/netstat 2>/dev/null; :';

/** Counters of packets that the kernel itself throws away: https://www.kernel.org/doc/html/latest/networking/snmp_counter.html */
const THROWN_AWAY = [
  'TcpExt.IPReversePathFilter',
  'IpExt.InNoRoutes',
  'Ip.InAddrErrors',
  'Ip.OutNoRoutes',
  'Udp.InCsumErrors',
];

/** What was printed before the line of {@link KERNEL}, and the counters after it. */
export function withKernel(stdout: string): { text: string; kernel: Record<string, number> } {
  const [text = '', counters = ''] = stdout.split('@@kernel\n');
  return { text: text.trim(), kernel: countersOf(counters) };
}

/** Lines in pairs: `Ip: NAME NAME`, `Ip: VALUE VALUE`. */
function countersOf(text: string): Record<string, number> {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  const all = lines.flatMap(([prefix = '', ...names], at) => {
    const [same, ...values] = lines[at + 1] ?? [];
    return at % 2 === 0 && same === prefix
      ? names.map((name, n): [string, number] => [`${prefix.replace(':', '')}.${name}`, Number(values[n])])
      : [];
  });
  return Object.fromEntries(all.filter(([name]) => THROWN_AWAY.includes(name)));
}

/** What was added to counters in between. */
export function added(before: Record<string, number>, after: Record<string, number>): Record<string, number> {
  const more = Object.entries(after).map(([name, value]): [string, number] => [name, value - (before[name] ?? value)]);
  return Object.fromEntries(more.filter(([, value]) => value > 0));
}
