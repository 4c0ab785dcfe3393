import type { Facts } from '../host.ts';
import type { Sections } from '../probe.ts';

/** What is mounted from a device or another host, as /proc/mounts and `stat -f` say; without sizes where they are not known. */
export function mounts({ mounts: lines = [], sizes = [] }: Sections): Facts[] {
  const known = new Map(
    sizes.map((line) => {
      const [, numbers = '', path = ''] = /^((?:\d+ ){5})(.*)$/.exec(line) ?? [];
      return [path, numbers.trim().split(' ').map(Number)];
    }),
  );
  return lines.flatMap((line) => {
    const [device = '', mount = '', fstype = '', options = ''] = line.split(' ').map(unescaped);
    if (!device.startsWith('/') && !device.includes(':/')) return [];
    return [{ mount, device, fstype, options, uuid: 'N/A', ...sizesOf(known.get(mount)) }];
  });
}

function sizesOf([size, total, available, inodes, inodesFree]: number[] = []): Facts {
  if (!size) return {};
  return {
    block_size: size,
    block_total: total,
    block_available: available,
    block_used: total! - available!,
    size_total: size * total!,
    size_available: size * available!,
    inode_total: inodes,
    inode_available: inodesFree,
    inode_used: inodes! - inodesFree!,
  };
}

/** The kernel writes a space as `\040`. */
function unescaped(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
