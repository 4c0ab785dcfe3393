import { BadArgument } from '../helper.ts';
import type { HelperGroup } from '../helper.ts';
import { helper } from '../table.ts';
import { number, text } from '../take.ts';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** Points in time, and addresses of the web. */
export const moments: HelperGroup = {
  title: 'Time and URLs',
  helpers: [
    helper(
      'strftime pattern seconds?',
      "A point in time (now, or seconds since 1970) by Python's signs; UTC with utc=true.",
      ['{{strftime "%Y-%m-%d" 0 utc=true}}', '1970-01-01'],
      (args, { named }) =>
        strftime(
          text(args),
          args.length > 1 && args[1] !== null ? number(args, 1) : Date.now() / 1000,
          named.utc === true,
        ),
      { named: { utc: 'true: in UTC instead of the controller’s time zone' } },
    ),
    helper(
      'now pattern?',
      'The present time, as ISO 8601 or by a pattern.',
      ['{{length (now "%Y")}}', 4],
      (args, { named }) =>
        strftime(args.length > 0 ? text(args) : '%Y-%m-%d %H:%M:%S', Date.now() / 1000, named.utc === true),
      { named: { utc: 'true: in UTC' } },
    ),
    helper(
      'toDatetime text pattern?',
      'The seconds since 1970 of a text such as 2030-01-31 12:00:00 (UTC).',
      ['{{toDatetime "1970-01-02 00:00:00"}}', 86_400],
      (args) => seconds(text(args), args.length > 1 ? text(args, 1) : '%Y-%m-%d %H:%M:%S'),
    ),
    helper(
      'urlsplit text part?',
      'The parts of an address, or one of them: scheme, hostname, port, path, query, fragment, username, password, netloc.',
      ['{{urlsplit "http://a:80/b" "port"}}', 80],
      (args) => {
        const parts = urlParts(text(args));
        if (args.length < 2) return parts;
        if (!Object.hasOwn(parts, text(args, 1)))
          throw new BadArgument(`expects one of ${Object.keys(parts).join(', ')}`, 1);
        return parts[text(args, 1)];
      },
    ),
    helper('urldecode text', 'The text of a part of an address.', ['{{urldecode "a%20b"}}', 'a b'], (args) =>
      decodeURIComponent(text(args).replaceAll('+', ' ')),
    ),
    helper(
      'urlencodeQuery value',
      'A mapping as the query of an address; a text as Jinja writes it there, with its slashes.',
      ['{{urlencodeQuery (dict a="b c")}}', 'a=b+c'],
      ([value]) =>
        typeof value === 'object' && value !== null
          ? new URLSearchParams(
              Object.entries(value).map(([key, one]): [string, string] => [key, String(one)]),
            ).toString()
          : encodeURIComponent(text([value])).replaceAll('%2F', '/'),
    ),
  ],
};

interface Parts {
  year: number;
  month: number;
  day: number;
  weekday: number;
  hour: number;
  minute: number;
  second: number;
}

function partsOf(date: Date, utc: boolean): Parts {
  const local = utc ? date : new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth(),
    day: local.getUTCDate(),
    weekday: local.getUTCDay(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
  };
}

function strftime(pattern: string, at: number, utc: boolean): string {
  const date = new Date(at * 1000);
  const { year, month, day, weekday, hour, minute, second } = partsOf(date, utc);
  const two = (value: number) => String(value).padStart(2, '0');
  const zone = utc ? 0 : -date.getTimezoneOffset();
  const signs: Record<string, string> = {
    Y: String(year),
    m: two(month + 1),
    d: two(day),
    H: two(hour),
    M: two(minute),
    S: two(second),
    y: two(year % 100),
    e: String(day).padStart(2),
    j: String(Math.floor((Date.UTC(year, month, day) - Date.UTC(year, 0, 1)) / 86_400_000) + 1).padStart(3, '0'),
    A: DAYS[weekday]!,
    a: DAYS[weekday]!.slice(0, 3),
    B: MONTHS[month]!,
    b: MONTHS[month]!.slice(0, 3),
    h: MONTHS[month]!.slice(0, 3),
    I: two(hour % 12 || 12),
    p: hour < 12 ? 'AM' : 'PM',
    s: String(Math.floor(at)),
    u: String(weekday || 7),
    w: String(weekday),
    F: `${year}-${two(month + 1)}-${two(day)}`,
    T: `${two(hour)}:${two(minute)}:${two(second)}`,
    R: `${two(hour)}:${two(minute)}`,
    z: `${zone < 0 ? '-' : '+'}${two(Math.floor(Math.abs(zone) / 60))}${two(Math.abs(zone) % 60)}`,
    Z: utc ? 'UTC' : '',
    f: '000000',
    n: '\n',
    t: '\t',
    '%': '%',
  };
  return pattern.replaceAll(/%(.)/g, (whole, sign: string) => signs[sign] ?? whole);
}

const DIGITS: Record<string, string> = { Y: 'year', m: 'month', d: 'day', H: 'hour', M: 'minute', S: 'second' };

function seconds(source: string, pattern: string): number {
  const expression = pattern
    .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/%(.)/g, (whole, sign: string) => (DIGITS[sign] ? `(?<${DIGITS[sign]}>\\d+)` : whole));
  const found = new RegExp(`^${expression}$`).exec(source)?.groups;
  if (!found) throw new BadArgument(`expects a time by the pattern ${pattern}, found '${source}'`);
  const part = (name: string, usual: number) => Number(found[name] ?? usual);
  return (
    Date.UTC(
      part('year', 1970),
      part('month', 1) - 1,
      part('day', 1),
      part('hour', 0),
      part('minute', 0),
      part('second', 0),
    ) / 1000
  );
}

/** As Python's urlsplit: no part is decoded, and none is made up. */
function urlParts(source: string): Record<string, unknown> {
  const [, scheme = '', netloc = '', path = '', query = '', fragment = ''] =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(source) ?? [];
  const [, username, password, hostname, port] =
    /^(?:([^:@]*)(?::([^@]*))?@)?(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(netloc) ?? [];
  const host = hostname?.replace(/^\[|\]$/g, '').toLowerCase();
  return {
    fragment,
    hostname: host || null,
    netloc,
    password: password ?? null,
    path,
    port: port === undefined ? null : Number(port),
    query,
    scheme: scheme.toLowerCase(),
    username: username ?? null,
  };
}
