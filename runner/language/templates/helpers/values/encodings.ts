import { BadArgument } from '../helper.ts';
import type { HelperGroup } from '../helper.ts';
import { text } from '../take.ts';

/** Text in other forms. */
export const encodings: HelperGroup = {
  title: 'Encodings',
  helpers: [
    {
      name: 'b64encode',
      args: 'text',
      summary: 'Base64 of its UTF-8 bytes.',
      example: { template: '{{b64encode "a"}}', result: 'YQ==' },
      run: (args) => Buffer.from(text(args), 'utf8').toString('base64'),
    },
    {
      name: 'b64decode',
      args: 'text',
      summary: 'The decoded text of Base64.',
      example: { template: '{{b64decode "YQ=="}}', result: 'a' },
      run: (args) => decode(text(args)),
    },
    {
      name: 'urlencode',
      args: 'text',
      summary: 'For a part of an address.',
      example: { template: '{{urlencode "a b/c"}}', result: 'a%20b%2Fc' },
      run: (args) => encodeURIComponent(text(args)),
    },
    {
      name: 'systemdQuote',
      args: 'text...',
      summary: 'Its arguments together as one word of a command in a unit of systemd, whatever is in them.',
      named: {
        of: '"setting": for another setting of a unit, such as Environment=; "file": for the value of a line in an EnvironmentFile',
      },
      example: {
        template: 'ExecStart=/bin/echo {{systemdQuote text}}',
        vars: { text: '100% of "$HOME"' },
        result: 'ExecStart=/bin/echo "100%% of \\"$$HOME\\""',
      },
      run: (args, { named }) =>
        systemdQuote(args.map((_, at) => text(args, at)).join(''), String(named.of ?? 'command')),
    },
  ],
};

/** The escape of a character that means something to systemd, by where it is used: systemd.service(5), systemd.syntax(7), systemd.exec(5). */
const SYSTEMD: Record<string, (sign: string) => string> = {
  command: (sign) => ({ '%': '%%', $: '$$', '\n': '\\n', '\t': '\\t', '\r': '\\r' })[sign] ?? `\\${sign}`,
  setting: (sign) => ({ '%': '%%', $: '$', '\n': '\\n', '\t': '\\t', '\r': '\\r' })[sign] ?? `\\${sign}`,
  // Specifiers and \n mean nothing there, and line breaks may stand between the quotes.
  file: (sign) => (/[%\n\t\r]/.test(sign) ? sign : `\\${sign}`),
};

/** One quoted word for systemd. Throws on an unknown kind, and on NUL, which systemd does not take. */
function systemdQuote(source: string, kind: string): string {
  const escape = SYSTEMD[kind];
  if (!escape) throw new BadArgument('expects of="setting" or of="file"');
  if (source.includes('\0')) throw new BadArgument('expects text without NUL');
  return `"${source.replaceAll(kind === 'file' ? /["\\`$]/g : /["\\%$\n\t\r]/g, escape)}"`;
}

function decode(source: string): string {
  const clean = source.replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(clean)) throw new BadArgument('expects Base64');
  return Buffer.from(clean, 'base64').toString('utf8');
}
