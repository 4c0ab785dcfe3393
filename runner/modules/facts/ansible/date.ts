import type { Facts } from '../host.ts';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** `date_time` from what `date '+%s %z %Z'` says: the host's own time, and `iso8601` in UTC, all of it text. */
export function dateTime(line: string): Facts {
  const [epoch = '', zone = '+0000', name = 'UTC'] = line.split(' ');
  const utc = new Date(Number(epoch) * 1000);
  const offset = Number(`${zone[0]}1`) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5)));
  const local = new Date(utc.getTime() + offset * 60_000);
  const [date = '', time = ''] = local.toISOString().split(/[T.]/);
  const [year, month, day] = date.split('-');
  const [hour, minute, second] = time.split(':');
  const weekday = local.getUTCDay();
  const iso = utc.toISOString();
  return {
    epoch,
    epoch_int: epoch,
    date,
    time,
    year,
    month,
    day,
    hour,
    minute,
    second,
    weekday: DAYS[weekday],
    weekday_number: String(weekday),
    weeknumber: String(weekOfYear(local)).padStart(2, '0'),
    iso8601: iso.replace(/\.\d+/, ''),
    iso8601_micro: iso.replace('Z', '000Z'),
    iso8601_basic: `${date.replaceAll('-', '')}T${time.replaceAll(':', '')}000000`,
    iso8601_basic_short: `${date.replaceAll('-', '')}T${time.replaceAll(':', '')}`,
    tz: name,
    tz_dst: name,
    tz_offset: zone,
  };
}

/** `%W` of strftime: weeks begin on Monday, and days before the first one are in week 0. */
function weekOfYear(date: Date): number {
  const day = Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000);
  return Math.floor((day + 7 - ((date.getUTCDay() + 6) % 7)) / 7);
}
