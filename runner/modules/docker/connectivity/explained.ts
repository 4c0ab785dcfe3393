import type { MatrixCell } from '../../../model/events.ts';

/** What explains failed paths: see the causes of `network_causes`. */
interface Explanation {
  text: string;
  fix: string;
  paths: readonly (readonly [from: string, to: string])[];
}

/** The table, each failed cell with what explains it. */
export function explained(
  hosts: readonly string[],
  cells: readonly MatrixCell[][],
  causes: readonly Explanation[],
): MatrixCell[][] {
  return cells.map((row, from) =>
    row.map((cell, to) => {
      const why = cell.ok === false ? causes.filter(({ paths }) => breaks(paths, hosts[from], hosts[to])) : [];
      return why.length === 0
        ? cell
        : { ...cell, cause: why.map(({ text, fix }) => `${text}. To repair it, ${fix}`).join('; ') };
    }),
  );
}

/** An echo that is lost on its way back is missed like one that is lost on its way there. */
function breaks(paths: Explanation['paths'], from: string | undefined, to: string | undefined): boolean {
  return paths.some(([a, b]) => (a === from && b === to) || (a === to && b === from));
}
