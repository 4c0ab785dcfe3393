/**
 * Where a setting lives. As for sysctl(8) the first separator decides: in `net.ipv4.conf.eth0/1.rp_filter` dots separate
 * and slashes stand for dots, in `net/ipv4/conf/eth0.1/rp_filter` it is the other way round.
 */
export function sysctlPath(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  const swapped = first === '.' ? name.replace(/[./]/g, (c) => (c === '.' ? '/' : '.')) : name;
  return `/proc/sys/${swapped}`;
}

/** The interface that a setting is of; none for `all`, `default` and what is of the whole host. */
export function interfaceOf(name: string): string | undefined {
  const found = /^\/proc\/sys\/net\/[^/]+\/(?:conf|neigh)\/([^/]+)\//.exec(sysctlPath(name))?.[1];
  return found === 'all' || found === 'default' ? undefined : found;
}

/** The kernel module that brings a setting; undefined for what every kernel has, or what is not known. */
export function moduleOf(name: string): string | undefined {
  const path = sysctlPath(name);
  if (path.startsWith('/proc/sys/net/bridge/')) return 'br_netfilter';
  return path.startsWith('/proc/sys/net/netfilter/') ? 'nf_conntrack' : undefined;
}

/** What a settings file says of one name: its value, and what it was before xrun first changed it. */
export function readSetting(content: string, name: string): { value?: string; was?: string } {
  const value = content
    .split('\n')
    .map((line) => setting(line, name))
    .findLast((found) => found !== undefined);
  const was = content
    .split('\n')
    .find((line) => line.startsWith(wasPrefix(name)))
    ?.slice(wasPrefix(name).length);
  return { ...(value !== undefined && { value }), ...(was !== undefined && { was }) };
}

/** The value that a line gives the setting, in whatever way it writes the name. */
function setting(line: string, name: string): string | undefined {
  const [key = '', ...value] = line.split('=');
  const plain = key.trim().replace(/^-\s*/, '');
  if (value.length === 0 || /^[#;]/.test(plain)) return undefined;
  return sysctlPath(plain) === sysctlPath(name) ? spaced(value.join('=')) : undefined;
}

/** The kernel separates a setting's numbers by tabs, people by spaces. */
export const spaced = (value: string) => value.trim().replace(/\s+/g, ' ');

const wasPrefix = (name: string) => `# xrun: before, ${name} = `;

/** The file with the setting, in the place of what it said of it last; with `was`, that value is noted as the original. */
export function withSetting(content: string, name: string, value: string, was: string | undefined): string {
  const lines = content.split('\n');
  const last = lines.findLastIndex((line) => setting(line, name) !== undefined);
  const own = [...(was === undefined ? [] : [`${wasPrefix(name)}${was}`]), `${name} = ${value}`];
  const kept = lines.flatMap((line, i) => (i === last ? own : setting(line, name) === undefined ? [line] : []));
  if (last >= 0) return kept.join('\n');
  return `${content}${content === '' || content.endsWith('\n') ? '' : '\n'}${own.join('\n')}\n`;
}

/** The file without the setting and the note of its original value. */
export function withoutSetting(content: string, name: string): string {
  return content
    .split('\n')
    .filter((line) => setting(line, name) === undefined && !line.startsWith(wasPrefix(name)))
    .join('\n');
}

/** Whether two values are one to the kernel, which reads 0x10, 020 and 16 alike, and sorts and joins lists of ranges. */
export function sameValue(one: string | undefined, other: string | undefined): boolean {
  return one === other || (one !== undefined && other !== undefined && kernelWords(one) === kernelWords(other));
}

function kernelWords(value: string): string {
  return value
    .split(' ')
    .map((word) => (/^\d+(-\d+)?(,\d+(-\d+)?)+$/.test(word) ? ranges(word) : number(word)))
    .join(' ');
}

/** `9,8,1-3` as the kernel prints what it keeps in a bitmap: `1-3,8-9`. */
function ranges(list: string): string {
  const sorted = list
    .split(',')
    .map((part) => part.split('-').map(Number))
    .map(([first = 0, last = first]) => [first, last] as const)
    .sort(([a], [b]) => a - b);
  const joined: [first: number, last: number][] = [];
  for (const [first, last] of sorted) {
    const before = joined.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else joined.push([first, last]);
  }
  return joined.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(',');
}

function number(word: string): string {
  if (/^0x[0-9a-f]{1,16}$/i.test(word)) return String(BigInt(word));
  if (/^0[0-7]{1,22}$/.test(word)) return String(BigInt(`0o${word.slice(1)}`));
  return word;
}
