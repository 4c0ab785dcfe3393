/** Hosts that one pattern may stand for; a slip of the finger should not make millions. */
const most = 65_536;

/** A range that cannot be read; `index` and `length` say which part of the pattern. */
export class BadRange extends Error {
  readonly index: number;
  readonly length: number;
  constructor(message: string, index: number, length: number) {
    super(message);
    this.index = index;
    this.length = length;
  }
}

/**
 * The names that `node[1:3]`, `node[01:10:2]` or `rack[a:c]-[1:2]` expand to, in order; a name without a range stands
 * for itself. Throws {@link BadRange}.
 */
export function expandRanges(pattern: string): string[] {
  const open = pattern.indexOf('[');
  // Brackets around an IPv6 address are not a range.
  if (open < 0 || /^\[([0-9a-f:.]*)\](:\d+)?$/i.exec(pattern)?.[1]?.includes(':')) return [pattern];
  const close = pattern.indexOf(']', open);
  if (close < 0) throw new BadRange("'[' has no ']'", open, pattern.length - open);
  const items = rangeItems(pattern.slice(open + 1, close), open, close - open + 1);
  const rests = expandRanges(pattern.slice(close + 1));
  if (items.length * rests.length > most) {
    throw new BadRange(
      `the range has ${items.length * rests.length} hosts; the most is ${most}`,
      open,
      close - open + 1,
    );
  }
  return items.flatMap((item) => rests.map((rest) => pattern.slice(0, open) + item + rest));
}

function rangeItems(range: string, index: number, length: number): string[] {
  const [, from = '', to = '', step = '1'] = /^(\w+):(\w+)(?::(\d+))?$/.exec(range) ?? [];
  const wrong = (why: string) => new BadRange(`'[${range}]' is not a valid range: ${why}`, index, length);
  if (!from) throw wrong('write [1:5], [01:10], [a:f] or [0:10:2]');
  const numeric = /^\d+$/.test(from) && /^\d+$/.test(to);
  if (!numeric && !(/^[a-zA-Z]$/.test(from) && /^[a-zA-Z]$/.test(to)))
    throw wrong('both ends must be numbers or single letters');
  const [start, end] = numeric ? [Number(from), Number(to)] : [from.charCodeAt(0), to.charCodeAt(0)];
  if (start > end) throw wrong('it ends before it begins');
  if (Number(step) === 0) throw wrong('its step is 0');
  const count = Math.floor((end - start) / Number(step)) + 1;
  if (count > most) throw wrong(`it has ${count} hosts; the most is ${most}`);
  const width = from.startsWith('0') ? from.length : 0;
  return Array.from({ length: count }, (_, i) => {
    const value = start + i * Number(step);
    return numeric ? String(value).padStart(width, '0') : String.fromCharCode(value);
  });
}
