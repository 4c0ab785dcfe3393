import type { Facts } from '../host.ts';
import type { Sections } from '../probe.ts';

/** Memory, processors and the machine, as Ansible names them. */
export function hardware(found: Sections): Facts {
  return { ...memory(found.memory ?? []), ...processors(found), ...machine(found.dmi ?? []) };
}

function memory(lines: string[]): Facts {
  const sizes = new Map(
    lines.flatMap((line): [string, number][] => {
      const [, name, kilobytes] = /^(\w+):\s+(\d+)/.exec(line) ?? [];
      return name ? [[name, Math.floor(Number(kilobytes) / 1024)]] : [];
    }),
  );
  const mb = (name: string) => sizes.get(name) ?? 0;
  const [total, free, swapTotal, swapFree] = [mb('MemTotal'), mb('MemFree'), mb('SwapTotal'), mb('SwapFree')];
  const spare = free + mb('Cached') + mb('Buffers');
  return {
    memtotal_mb: total,
    memfree_mb: free,
    swaptotal_mb: swapTotal,
    swapfree_mb: swapFree,
    memory_mb: {
      real: { total, free, used: total - free },
      nocache: { free: spare, used: total - spare },
      swap: { total: swapTotal, free: swapFree, used: swapTotal - swapFree, cached: mb('SwapCached') },
    },
  };
}

/** `cpu` describes the first processor, for those of one host are of one kind, and has the socket of each. */
function processors({ cpus = [], cpu = [] }: Sections): Facts {
  const values = (name: string) =>
    cpu.filter((line) => line.split(/\s*:/)[0] === name).map((line) => line.replace(/^[^:]*:\s*/, ''));
  const vcpus = Number(cpus[0] ?? 1);
  const sockets = Math.max(1, new Set(values('physical id')).size);
  const cores = Number(values('cpu cores')[0] ?? Math.max(1, Math.floor(vcpus / sockets)));
  const threads = Math.max(1, Math.floor(Number(values('siblings')[0] ?? cores) / cores));
  const kind = [values('vendor_id')[0], values('model name')[0]].filter((one) => one !== undefined);
  return {
    processor: Array.from({ length: vcpus }, (_, i) => [String(i), ...kind]).flat(),
    processor_count: sockets,
    processor_cores: cores,
    processor_threads_per_core: threads,
    processor_vcpus: vcpus,
    processor_nproc: vcpus,
  };
}

const MACHINE =
  'bios_date bios_vendor bios_version board_asset_tag board_name board_serial board_vendor board_version chassis_asset_tag chassis_serial chassis_vendor chassis_version product_name product_serial product_uuid product_version system_vendor'.split(
    ' ',
  );

/** What the firmware says; NA where it says nothing, or only root may ask. */
function machine(lines: string[]): Facts {
  const said = new Map(
    lines.map((line) => [line.split(' ')[0]?.replace('sys_vendor', 'system_vendor'), line.replace(/^\S+ ?/, '')]),
  );
  return Object.fromEntries(MACHINE.map((name) => [name, said.get(name) || 'NA']));
}
