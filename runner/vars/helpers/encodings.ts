import { BadArgument } from './helper.ts';
import type { HelperGroup } from './helper.ts';
import { text } from './take.ts';

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
      summary: 'The text that Base64 stands for.',
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
  ],
};

function decode(source: string): string {
  const clean = source.replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(clean)) throw new BadArgument('wants Base64');
  return Buffer.from(clean, 'base64').toString('utf8');
}
