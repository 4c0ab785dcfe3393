import { clean } from '../../diagnostics/clean.ts';

/** Shorter texts do not identify a secret: masking them would blacken harmless text. */
export const SHORTEST = 4;
/** What `base64` and PEM files break their lines at. */
const WRAPPED_AT = [76, 64];

/**
 * The texts by which a secret may be known: as it is, trimmed, without control characters, each of its lines that has at
 * least `leastLine` characters, and all of these as programs write them.
 */
export function spellings(value: string, leastLine: number): Set<string> {
  const lines = value
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line.length >= leastLine && isTelling(line));
  const texts = new Set([value, value.trim(), clean(value).trim(), ...lines]);
  return new Set([...texts].flatMap(forms).filter((form) => form.length >= SHORTEST));
}

/** Brackets alone, and the first and last lines of PEM, give nothing away. */
function isTelling(line: string): boolean {
  return /[\p{L}\p{N}]/u.test(line) && !/^-----(BEGIN|END) [A-Z0-9 ]*-----$/.test(line);
}

function forms(text: string): string[] {
  const bytes = Buffer.from(text);
  const json = jsonOf(text);
  return [
    text,
    text.toLowerCase(),
    text.toUpperCase(),
    json,
    jsonOf(json),
    json.replace(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`),
    ...urlForms(bytes.toString()),
    ...shellForms(text),
    ...markupForms(text),
    ...base64Forms(bytes),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
  ];
}

/** As it is written between JSON's quotes. */
function jsonOf(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Of a well-formed text. */
function urlForms(text: string): string[] {
  const strict = encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const all = [
    strict,
    encodeURIComponent(text),
    strict.replaceAll('%2F', '/'),
    strict.replaceAll('%20', '+'),
    strict.replaceAll('%20', '+').replaceAll('~', '%7E'),
    encodeURI(text),
  ];
  return [...all, ...all.map((form) => form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

/** In single quotes, in double ones, with backslashes; and with quotes doubled, as YAML and SQL do. */
function shellForms(text: string): string[] {
  return [
    text.replaceAll("'", String.raw`'\''`),
    text.replace(/["\\$`]/g, String.raw`\$&`),
    text.replace(/[^\w@%+:,./-]/g, String.raw`\$&`),
    text.replaceAll("'", "''"),
  ];
}

function markupForms(text: string): string[] {
  const named: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  const escape = (signs: RegExp, how: (sign: string) => string) => text.replace(signs, how);
  return [
    escape(/[&<>]/g, (sign) => named[sign]!),
    escape(/[&<>"]/g, (sign) => named[sign]!),
    escape(/[&<>"']/g, (sign) => named[sign] ?? '&#39;'),
    escape(/[&<>"']/g, (sign) => named[sign] ?? '&apos;'),
    escape(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`),
  ];
}

/**
 * Alone, and anywhere in a longer text (`user:password`): three bytes take four characters, so there are three ways to
 * stand in it. The characters at both ends hold bits of their neighbours and are left out then.
 */
function base64Forms(bytes: Buffer): string[] {
  const whole = bytes.toString('base64');
  const inside = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return text.slice(Math.ceil((before * 4) / 3), Math.floor(((before + bytes.length) * 4) / 3));
  });
  const wrapped = WRAPPED_AT.filter((width) => whole.length > width).flatMap(
    (width) => whole.match(new RegExp(`.{1,${width}}`, 'g')) ?? [],
  );
  return [whole, whole.replace(/=+$/, ''), ...inside, ...wrapped].flatMap((form) => [
    form,
    form.replaceAll('+', '-').replaceAll('/', '_'),
  ]);
}
