import { BadArgument } from '../helper.ts';
import { number } from '../take.ts';
import { pythonText } from '../../../values/python-text.ts';

const SIGN = /%(?:\(([^)]*)\))?([-+ 0#]*)(\d+)?(?:\.(\d+))?([sdifFxXoeEgcr%])/g;

/** A pattern with values in it, as Python's `%` makes it. Throws BadArgument where values and signs are not as many. */
export function printf(pattern: string, values: unknown[], named: Record<string, unknown>): string {
  let next = 0;
  const result = pattern.replace(SIGN, (...found: (string | undefined)[]) => {
    const [whole, name, flags = '', width, precision, type = ''] = found;
    if (type === '%') return '%';
    const value = name === undefined ? values[next++] : named[name];
    if (value === undefined) throw new BadArgument(`has no value for '${whole}'`);
    return padded(written(value, type, precision, flags), flags, Number(width ?? 0), type);
  });
  if (next < values.length) throw new BadArgument(`has ${values.length} values for ${next} signs`, next + 1);
  return result;
}

function written(value: unknown, type: string, precision: string | undefined, flags: string): string {
  if (type === 's' || type === 'r' || type === 'c')
    return pythonText(value).slice(0, precision === undefined ? undefined : Number(precision));
  const found = number([value]);
  const sign = found < 0 ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  return sign + digits(Math.abs(found), type, precision === undefined ? 6 : Number(precision));
}

function digits(value: number, type: string, precision: number): string {
  if (type === 'f' || type === 'F') return value.toFixed(precision);
  if (type === 'e' || type === 'E') {
    const shown = value.toExponential(precision).replace(/e([+-])(\d)$/, 'e$10$2');
    return type === 'E' ? shown.toUpperCase() : shown;
  }
  if (type === 'g') return String(Number(value.toPrecision(precision || 1)));
  const whole = Math.trunc(value);
  if (type === 'x') return whole.toString(16);
  if (type === 'X') return whole.toString(16).toUpperCase();
  return type === 'o' ? whole.toString(8) : String(whole);
}

function padded(shown: string, flags: string, width: number, type: string): string {
  if (flags.includes('-')) return shown.padEnd(width);
  if (!flags.includes('0') || /[scr]/.test(type)) return shown.padStart(width);
  const [, sign = '', rest = ''] = /^([+ -]?)(.*)$/.exec(shown) ?? [];
  return sign + rest.padStart(width - sign.length, '0');
}
