/** A middle value and how far the values lie apart. */
export interface Spread {
  median: number;
  least: number;
  most: number;
}

/** Throws where there are no values. */
export function spread(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error('no values');
  const sorted = [...values].sort((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(half)]! + sorted[Math.ceil(half)]!) / 2;
  return { median, least: sorted[0]!, most: sorted.at(-1)! };
}

/** Each value by the other of the same round: what disturbs a whole round falls out. Rounds that only one has are left out. */
export function ratios(values: readonly number[], others: readonly number[]): Spread | undefined {
  const both = values.slice(0, others.length).map((value, i) => value / others[i]!);
  return both.length ? spread(both) : undefined;
}
