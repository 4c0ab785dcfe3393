/** The numbers that each field of crontab(5) may hold; 7 is Sunday as well. */
export const TIMES = { minute: [0, 59], hour: [0, 23], day: [1, 31], month: [1, 12], weekday: [0, 7] } as const;

export type Time = keyof typeof TIMES;

const NAMES: Partial<Record<Time, string[]>> = {
  month: ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  weekday: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
};

/**
 * What is wrong with the value of a field; undefined where cron takes it. Each part is `*`, a number, a name or a range,
 * and may have a step; `~` is cronie's random number of a range. A file of /etc/cron.d with an error in it is ignored as a
 * whole, in silence.
 */
export function timeProblem(field: Time, value: string): string | undefined {
  const [least, most] = TIMES[field];
  for (const part of value.split(',')) {
    const [, range = '', first = '', between, last, step] = /^(\*|(\w*)(?:([-~])(\w*))?)(?:\/(\d+))?$/.exec(part) ?? [];
    if (range === '' || step === '0') return "expected what a crontab takes: 5, '*/10', 1-5, mon";
    if (range === '*') continue;
    const [from, to] = [first, last ?? first].map((one) => numberOf(field, one, between));
    if (from === undefined || to === undefined) return "expected what a crontab takes: 5, '*/10', 1-5, mon";
    if ([from, to].some((n) => !Number.isNaN(n) && (n < least || n > most)))
      return `expected numbers from ${least} to ${most}`;
    if (from > to) return `${part} ends before it begins: cron takes no such range; write two with a comma`;
  }
  return undefined;
}

/** NaN: an end that `~` leaves open. */
function numberOf(field: Time, text: string, between: string | undefined): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  if (text === '') return between === '~' ? Number.NaN : undefined;
  const at = NAMES[field]?.indexOf(text.toLowerCase().slice(0, 3)) ?? -1;
  return at < 0 ? undefined : at;
}
