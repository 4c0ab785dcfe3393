/** What the kernel's answers are compared with besides the text of a task. */
export interface Terms {
  fstype: string;
  /** Defaults of switches: a bind mount inherits them from the mount that it shows. */
  inherited?: readonly string[] | undefined;
  /** Bytes of memory, of which tmpfs takes its share. */
  memory?: number | undefined;
  /** Numbers of the users and groups that the options name, as `uid:NAME`. */
  ids: Record<string, number>;
}

/** proc's hidepid: kernels since 5.8 show words, as its documentation in proc(5) has them. */
const HIDEPID: Record<string, string> = { off: '0', noaccess: '1', invisible: '2', ptraceable: '4' };
/** Values on which client and server agree between them. */
const NEGOTIATED = ['rsize', 'wsize', 'addr', 'clientaddr', 'mountaddr'];

/** Whether a value means what the kernel shows, in the kernel's own terms. */
export function sameValue(name: string, found: string, wanted: string, terms: Terms): boolean {
  if (NEGOTIATED.includes(name) || plain(found) === plain(wanted)) return true;
  if (name === 'hidepid') return (HIDEPID[found] ?? found) === (HIDEPID[wanted] ?? wanted);
  if (isAmount(name, terms)) return amountOf(name, found, terms) === amountOf(name, wanted, terms);
  if (/(mode|mask)$/.test(name)) return Number.parseInt(found, 8) === Number.parseInt(wanted, 8);
  if (/^(uid|gid|fsuid|fsgid)$/.test(name)) return numberOf(found, name, terms) === numberOf(wanted, name, terms);
  // The kernel shows the level that it chose, or the minor version.
  if (name.startsWith('compress')) return !wanted.includes(':') && found.split(':')[0] === wanted;
  if (name === 'vers' || name === 'nfsvers') return found.startsWith(`${wanted}.`);
  const [one, other] = [bytesOf(found), bytesOf(wanted)];
  // Where one is a number and the other a word, they may be one thing in two spellings: that is not drift.
  return one === undefined || other === undefined ? (one === undefined) !== (other === undefined) : one === other;
}

/** Limits of a tmpfs that the kernel does not show are at their defaults: half of the memory. */
export function hiddenValue(name: string, { fstype }: Terms): string | undefined {
  return fstype === 'tmpfs' && name === 'size' ? '50%' : undefined;
}

/** Quotes, a slash at either end and the case of hexadecimal digits make no difference. */
function plain(value: string): string {
  const bare = value.replace(/^"(.*)"$/, '$1').replaceAll('\\,', ',');
  return bare.replace(/^\/?(.*?)\/?$/, '$1').replace(/^[\da-f-]{8,}$/i, (id) => id.toLowerCase());
}

function numberOf(value: string, name: string, { ids }: Terms): number | undefined {
  return /^\d+$/.test(value) ? Number(value) : ids[`${name.slice(-3)}:${value}`];
}

function isAmount(name: string, { fstype }: Terms): boolean {
  return ['size', 'nr_blocks', 'nr_inodes'].includes(name) && ['tmpfs', 'hugetlbfs', 'ramfs'].includes(fstype);
}

const PAGE = 4096;

/** tmpfs takes bytes, `10m`, a share of the memory or (nr_blocks) pages, and shows whole pages in KiB. */
function amountOf(name: string, value: string, { memory }: Terms): number | undefined {
  const percent = /^(\d+)%$/.exec(value)?.[1];
  if (percent !== undefined) return memory === undefined ? undefined : pages((memory * Number(percent)) / 100);
  const bytes = bytesOf(value);
  if (bytes === undefined || name === 'nr_inodes') return bytes;
  return name === 'nr_blocks' ? bytes * PAGE : pages(bytes);
}

const pages = (bytes: number) => Math.ceil(bytes / PAGE) * PAGE;

/** A number with the kernel's suffixes, and hexadecimal and octal ones; undefined for anything else. */
function bytesOf(value: string): number | undefined {
  const [, digits, unit = ''] = /^(0x[\da-f]+|\d+)([kmgtpe]?)$/i.exec(value) ?? [];
  return digits === undefined ? undefined : Number(digits) * 1024 ** ' kmgtpe'.indexOf(unit.toLowerCase() || ' ');
}
