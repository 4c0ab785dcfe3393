/**
 * Compares two versions part by part: numbers as numbers, the rest as text. A part that is missing counts as 0, and
 * letters (`rc1`, `beta`) stand before the version they are added to.
 *
 * @returns less than 0, 0 or more than 0
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const sign = comparePart(left[i] ?? 0, right[i] ?? 0);
    if (sign !== 0) return sign;
  }
  return 0;
}

function partsOf(version: string): (number | string)[] {
  const parts =
    version
      .trim()
      .replace(/^v(?=\d)/i, '')
      .toLowerCase()
      .match(/\d+|[a-z]+/g) ?? [];
  return parts.map((part) => (/^\d/.test(part) ? Number(part) : part));
}

function comparePart(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'number') return 1;
  if (typeof b === 'number') return -1;
  return a < b ? -1 : a > b ? 1 : 0;
}
