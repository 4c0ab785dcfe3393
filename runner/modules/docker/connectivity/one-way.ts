import type { CellCheck, MatrixCell } from '../../../model/events.ts';
import type { HostResults } from './table.ts';

/**
 * The table with each failure in the direction in which packets are lost, and in that one only. A ping that arrives and is
 * not answered, or a large transfer that arrives only one way, is lost on its way back: the other cell of the pair has it.
 */
export function clearBlame(
  hosts: readonly string[],
  results: HostResults,
  cells: readonly MatrixCell[][],
): MatrixCell[][] {
  return cells.map((row, from) =>
    row.map((cell, to) => {
      const back = cells[to]?.[from];
      if (cell.ok !== false || back?.ok !== false) return cell;
      const [sender, receiver] = [hosts[from] as string, hosts[to] as string];
      const arrives = arrivals(results, sender, receiver);
      if (!works(cell, 'ping') && arrives !== undefined && arrives !== arrivals(results, receiver, sender)) {
        return arrives
          ? { ...cell, ok: true, text: 'arrives' }
          : { ...cell, text: `packets from ${sender} to ${receiver} are lost: ${cell.text}` };
      }
      const large = works(back, 'tcp');
      return works(cell, 'ping') && !works(cell, 'tcp') && large && othersWork(cell)
        ? { ...cell, ok: true, text: 'arrives' }
        : cell;
    }),
  );
}

/** Whether pings of a host's container came to another's; undefined where they were not counted. */
function arrivals(results: HostResults, from: string, to: string): boolean | undefined {
  const address = (results[from]?.proof_target as { address?: string } | undefined)?.address;
  const counted = (results[to]?.proof_arrived as { stdout?: string } | undefined)?.stdout;
  if (!address || !counted) return undefined;
  const line = counted
    .split('\n')
    .map((one) => one.split(' '))
    .find(([, source]) => source === address);
  return line && Number(line[0]) > 0;
}

function works({ checks = [] }: MatrixCell, check: CellCheck['check']): boolean {
  return checks.some((one) => one.check === check && one.ok);
}

/** Whether nothing but large packets failed. */
function othersWork({ checks = [] }: MatrixCell): boolean {
  return checks.every(({ check, ok }) => ok || check === 'mtu' || check === 'tcp');
}
