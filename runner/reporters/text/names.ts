/** Hosts in a row that are worth a range: shorter rows read better name by name. */
const SHORTEST_RANGE = 4;

/** `web2` before `web10`, whatever language the machine speaks. */
export const compareNames = new Intl.Collator('en', { numeric: true }).compare;

/**
 * Names of hosts in few words, as `dshbak` folds them: `db1, web01..web28 and 3 more`. Rows of numbers become ranges.
 *
 * @param most names and ranges that are shown; all where not given
 */
export function hostNames(names: readonly string[], most = Infinity): string {
  const rows = rowsOf([...new Set(names)].sort(compareNames)).flatMap((row) =>
    row.length < SHORTEST_RANGE ? row.map((name) => [name]) : [row],
  );
  const left = rows.slice(most).flat().length;
  return rows.slice(0, most).map(rangeOf).join(', ') + (left > 0 ? ` and ${left} more` : '');
}

function rangeOf(row: readonly string[]): string {
  return row.length === 1 ? row[0]! : `${row[0]}..${row.at(-1)}`;
}

/** Cuts sorted names where one does not follow its neighbour. */
function rowsOf(sorted: readonly string[]): string[][] {
  const rows: string[][] = [];
  for (const name of sorted) {
    const row = rows.at(-1);
    if (row && follower(row.at(-1)!) === name) row.push(name);
    else rows.push([name]);
  }
  return rows;
}

/** `web09.example` is followed by `web10.example`; undefined for a name without a number. */
function follower(name: string): string | undefined {
  // Longer numbers are ids, not places in a row.
  const [, head, digits, tail] = /^(.*?)(\d{1,9})(\D*)$/s.exec(name) ?? [];
  return digits && `${head}${String(Number(digits) + 1).padStart(digits.length, '0')}${tail}`;
}
