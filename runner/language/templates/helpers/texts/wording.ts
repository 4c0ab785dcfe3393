import { printf } from './printf.ts';
import { BadArgument } from '../helper.ts';
import type { HelperGroup } from '../helper.ts';
import { pythonText } from '../../../values/python-text.ts';
import { helper } from '../table.ts';
import { integer, mapping, text } from '../take.ts';

/** As Python's markupsafe writes them. */
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

/** Laying text out and taking it apart, as Python's methods of text do. */
export const wording: HelperGroup = {
  title: 'Laying out text',
  helpers: [
    helper(
      'format pattern value...?',
      "The pattern with values in it, by Python's printf signs: %s, %d, %05.1f, %(name)s for a named argument.",
      ['{{format "%s:%03d" "a" 7}}', 'a:007'],
      (args, { named }) => printf(text(args), args.slice(1), named),
      { named: { '*': 'a value for %(name)s' } },
    ),
    helper(
      'formatText pattern value...?',
      "The pattern with values in it, as Python's str.format: {}, {0}, {name}.",
      ['{{formatText "{}:{1}" "a" 7}}', 'a:7'],
      (args, { named }) => formatText(text(args), args.slice(1), named),
      { named: { '*': 'a value for {name}' } },
    ),
    helper(
      'escapeHtml text',
      'With what HTML and XML have for &, <, > and quotes.',
      ['{{escapeHtml "<a>"}}', '&lt;a&gt;'],
      (args) => text(args).replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign),
    ),
    helper('title text', 'Each word with a capital.', ['{{title "a web"}}', 'A Web'], (args) =>
      text(args)
        .toLowerCase()
        .replaceAll(/(?<![\p{L}'])\p{L}/gu, (letter) => letter.toUpperCase()),
    ),
    helper('center text width', 'In the middle of so many columns.', ['[{{center "a" 3}}]', '[ a ]'], (args) => {
      const free = Math.max(0, integer(args, 1) - text(args).length);
      // Python's rule for the sign that is left over.
      const left = Math.floor(free / 2) + (free & integer(args, 1) & 1);
      return `${' '.repeat(left)}${text(args)}${' '.repeat(free - left)}`;
    }),
    helper('ljust text width sign?', 'Filled up at its end.', ['{{ljust "a" 3 "."}}', 'a..'], (args) =>
      text(args).padEnd(integer(args, 1), sign(args)),
    ),
    helper('rjust text width sign?', 'Filled up at its beginning.', ['{{rjust "a" 3 "."}}', '..a'], (args) =>
      text(args).padStart(integer(args, 1), sign(args)),
    ),
    helper('zfill text width', 'Filled up with zeros behind its sign.', ['{{zfill "7" 3}}', '007'], (args) => {
      const [, minus = '', rest = ''] = /^([+-]?)([^]*)$/.exec(text(args)) ?? [];
      return minus + rest.padStart(integer(args, 1) - minus.length, '0');
    }),
    helper(
      'strip text signs?',
      'Without these signs, or white space, at both ends.',
      ['{{strip "-a-" "-"}}', 'a'],
      (args) => stripped(args, true, true),
    ),
    helper('lstrip text signs?', 'Without them at its beginning.', ['{{lstrip "-a-" "-"}}', 'a-'], (args) =>
      stripped(args, true, false),
    ),
    helper('rstrip text signs?', 'Without them at its end.', ['{{rstrip "-a-" "-"}}', '-a'], (args) =>
      stripped(args, false, true),
    ),
    helper('removePrefix text start', 'Without this beginning.', ['{{removePrefix "v1" "v"}}', '1'], (args) =>
      text(args).startsWith(text(args, 1)) ? text(args).slice(text(args, 1).length) : text(args),
    ),
    helper('removeSuffix text end', 'Without this end.', ['{{removeSuffix "a.j2" ".j2"}}', 'a'], (args) =>
      text(args, 1) !== '' && text(args).endsWith(text(args, 1))
        ? text(args).slice(0, -text(args, 1).length)
        : text(args),
    ),
    helper(
      'wordcount text',
      'How many words it has.',
      ['{{wordcount "a b"}}', 2],
      (args) => text(args).match(/\w+/g)?.length ?? 0,
    ),
    helper(
      'wordwrap text width?',
      'With line breaks, so that no line is longer than 79, or so many signs.',
      ['{{wordwrap "aa bb" 3}}', 'aa\nbb'],
      (args) =>
        text(args)
          .split('\n')
          .map((line) => wrapped(line, args.length > 1 ? integer(args, 1) : 79))
          .join('\n'),
    ),
    helper('splitlines text', 'A list of its lines.', ['{{splitlines "a\\nb"}}', ['a', 'b']], (args) => {
      const lines = text(args).split(/\r\n?|\n/);
      return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
    }),
    helper(
      'rsplit text separator count',
      'Split from its end, so many times.',
      ['{{rsplit "a.b.c" "." 1}}', ['a.b', 'c']],
      (args) => {
        const parts = text(args).split(text(args, 1));
        const at = Math.max(1, parts.length - integer(args, 2));
        return [parts.slice(0, at).join(text(args, 1)), ...parts.slice(at)];
      },
    ),
    helper(
      'swapcase text',
      'Capitals for small letters, and small ones for capitals.',
      ['{{swapcase "aB"}}', 'Ab'],
      (args) => [...text(args)].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join(''),
    ),
    helper('isDigit text', 'Whether it is digits alone.', ['{{isDigit "12"}}', true], (args) =>
      /^\p{Nd}+$/u.test(text(args)),
    ),
    helper('isAlpha text', 'Whether it is letters alone.', ['{{isAlpha "a1"}}', false], (args) =>
      /^\p{L}+$/u.test(text(args)),
    ),
    helper('isAlnum text', 'Whether it is letters and digits.', ['{{isAlnum "a1"}}', true], (args) =>
      /^[\p{L}\p{Nd}]+$/u.test(text(args)),
    ),
  ],
};

function sign(args: unknown[]): string {
  return args.length > 2 ? text(args, 2) : ' ';
}

function stripped(args: unknown[], start: boolean, end: boolean): string {
  const signs = args.length > 1 && args[1] !== null ? new Set(text(args, 1)) : undefined;
  const goes = (c: string) => (signs ? signs.has(c) : /\s/.test(c));
  const all = [...text(args)];
  let from = 0;
  let to = all.length;
  while (start && from < to && goes(all[from]!)) from++;
  while (end && to > from && goes(all[to - 1]!)) to--;
  return all.slice(from, to).join('');
}

function wrapped(line: string, width: number): string {
  const lines = [''];
  for (const word of line.split(/ +/)) {
    const last = lines.at(-1)!;
    if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join('\n');
}

function formatText(pattern: string, values: unknown[], named: Record<string, unknown>): string {
  let next = 0;
  return pattern.replaceAll(
    /\{\{|\}\}|\{([^{}:!]*)(?:![rs])?(?::([^{}]*))?\}/g,
    (whole, field?: string, spec?: string) => {
      if (field === undefined) return whole[0]!;
      const [head = '', ...keys] = field.split(/[.[\]]+/).filter((part, i) => i === 0 || part !== '');
      const found = head === '' ? values[next++] : /^\d+$/.test(head) ? values[Number(head)] : named[head];
      const value = keys.reduce<unknown>(
        (inner, key) => (Array.isArray(inner) ? inner[Number(key)] : mapping([inner])[key]),
        found,
      );
      if (value === undefined) throw new BadArgument(`has no value for '${whole}'`);
      return spec ? withSpec(value, spec) : pythonText(value);
    },
  );
}

/** The forms of Python's format that playbooks use: fill, alignment, width, precision and type. */
function withSpec(value: unknown, spec: string): string {
  const [, fill = ' ', align, zero, width = '0', precision, type = 's'] =
    /^(?:(.)?([<>^]))?(0)?(\d+)?(?:\.(\d+))?([sdfxXob])?$/.exec(spec) ?? [];
  const point = precision === undefined ? '' : `.${precision}`;
  const shown = printf(`%${point}${type === 'b' ? 's' : type}`, [type === 'b' ? Number(value).toString(2) : value], {});
  const pad = zero ? '0' : fill;
  const side = align ?? (typeof value === 'number' ? '>' : '<');
  if (side === '^')
    return shown.padStart(Math.floor((Number(width) + shown.length) / 2), pad).padEnd(Number(width), pad);
  return side === '>' ? shown.padStart(Number(width), pad) : shown.padEnd(Number(width), pad);
}
