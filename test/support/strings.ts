/** Pieces that shells, YAML, templates and file systems treat as special, and letters of many scripts. */
const pieces = [
  ...[
    'a',
    'B',
    '7',
    ' ',
    '  ',
    '\t',
    '\n',
    '\n\n',
    '\r',
    '\r\n',
    "'",
    '"',
    "''",
    '""',
    "'\\''",
    '`',
    '`id`',
    '$',
    '$HOME',
    '${x}',
    '$(id)',
    '$$',
    '\\',
    '\\\\',
    '\\n',
    '\\x41',
  ],
  ...[
    '!',
    '!!',
    '#',
    ' #',
    '&',
    '&&',
    '|',
    '||',
    ';',
    ';;',
    '<',
    '<<EOF\n',
    '>',
    '>>',
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    '*',
    '?',
    '~',
    '~root',
    '%',
    '%s',
    '%d',
    '=',
    '-',
    '--',
    '-n ',
    '-e ',
  ],
  ...[
    '{{',
    '}}',
    '{{x}}',
    '{{{x}}}',
    '{{#if x}}',
    '{{/if}}',
    '{{!',
    '{{> p}}',
    '\\{{',
    '{%',
    ': ',
    '- ',
    '@',
    ',',
    '.',
    '..',
    '/',
    'EOF',
    'XRUN',
    'exit 3',
    'true',
    'null',
    '0',
    '1e3',
    '0644',
  ],
  ...[
    '\u0001',
    '\u0007',
    '\b',
    '\u001b[31m',
    '\u007f',
    '\u0080',
    '\u0085',
    '\u00a0',
    'é',
    'e\u0301',
    'ß',
    'İ',
    '\u200b',
    '\u200d',
    '\u202e',
    '\u2028',
    '\u2029',
    '\ufeff',
    '\ufffd',
    '\uffff',
    '日本',
    'עברית',
    '😀',
    '👩‍👩‍👧',
    '\u{10ffff}',
  ],
];

/** A text of up to twenty pieces, without NUL and without halves of characters. */
export function anyString(random: () => number): string {
  const long = random() < 0.02 ? 4000 : 20;
  return Array.from({ length: Math.floor(random() * long) }, () =>
    random() < 0.8 ? pick(pieces, random) : anyCharacter(random),
  ).join('');
}

/** What may be a file's name: no slash, at most 200 bytes. */
export function anyName(random: () => number): string {
  const name = Array.from(anyString(random).replaceAll('/', ''));
  while (Buffer.byteLength(name.join('')) > 200) name.pop();
  return `n${name.join('')}`;
}

/** A text for YAML in double quotes; either all plain ASCII, or as plain as YAML allows. */
export function quoted(text: string, ascii: boolean): string {
  const unsafe = ascii ? /[^ -~]/g : /[^ -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/g;
  return JSON.stringify(text).replaceAll(unsafe, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function anyCharacter(random: () => number): string {
  const code = 1 + Math.floor(random() * 0x10fffe);
  return code >= 0xd800 && code <= 0xdfff ? 'x' : String.fromCodePoint(code);
}

function pick<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)] as T;
}
