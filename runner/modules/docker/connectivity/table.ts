import type { MatrixCell } from '../../../model/events.ts';

/** Variables of the hosts, of which registered results are read. */
export type HostResults = Record<string, Record<string, unknown> | undefined>;

/** A registered result, as far as the table reads it. */
interface Registered {
  cells?: Record<string, MatrixCell>;
  failed?: boolean;
  unreachable?: boolean;
  msg?: string;
}

/** Cells by row and column: what `connectivity` found, and for hosts that found nothing, or were not looked for, why. */
export function tableOf(
  hosts: readonly string[],
  results: HostResults,
  register: string,
  reasons: readonly string[],
): MatrixCell[][] {
  const registered = (host: string, name: string) => (results[host]?.[name] ?? {}) as Registered;
  const cellsOf = (host: string) => registered(host, register).cells;
  const why = (host: string): string | undefined => {
    if (cellsOf(host)) return undefined;
    const failed = [register, ...reasons]
      .map((name) => registered(host, name))
      .find((one) => one.failed || one.unreachable);
    return failed
      ? `${host} took no part: ${failed.msg || (failed.unreachable ? 'it is unreachable' : 'a task failed')}`
      : `${host} took no part: it failed or was unreachable before`;
  };
  return hosts.map((row) =>
    hosts.map((column): MatrixCell => {
      if (row === column) return { ok: null, text: '-' };
      const found = cellsOf(row)?.[column];
      return found ?? { ok: false, text: why(row) ?? why(column) ?? 'not tried' };
    }),
  );
}
