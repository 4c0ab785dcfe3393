import { BadArgument } from '../helper.ts';
import type { HelperGroup } from '../helper.ts';
import { helper } from '../table.ts';
import { text } from '../take.ts';

interface Style {
  beginning: string;
  prefix: string;
  decoration: string;
  postfix: string;
  end: string;
}

/** Ansible's styles: what is before each line, around all of them, and above and below. */
const STYLES: Record<string, Style> = {
  plain: style('# '),
  erlang: style('% '),
  c: style('// '),
  cblock: style(' * ', '/*', ' */'),
  xml: style(' - ', '<!--', '-->'),
};

/** Text as comments. */
export const comments: HelperGroup = {
  title: 'Comments',
  helpers: [
    helper(
      'comment text sign?',
      'With a sign (# where not given) and a space before each line.',
      ['{{comment "a b"}}', '# a b'],
      (args) => text(args).replaceAll(/^/gm, () => `${args.length > 1 ? text(args, 1) : '#'} `),
    ),
    helper(
      'commentBlock text style?',
      "Ansible's comment: with an empty comment line above and below; the style is plain, erlang, c, cblock or xml.",
      ['{{commentBlock "a b"}}', '#\n# a b\n#'],
      (args, { named }) => block(text(args), args.length > 1 ? text(args, 1) : 'plain', named),
      {
        named: {
          decoration: 'before each line',
          beginning: 'the line above all',
          prefix: 'the line above the text',
          postfix: 'the line below the text',
          end: 'the line below all',
          newline: 'between lines',
          prefixCount: 'how often prefix',
          postfixCount: 'how often postfix',
        },
      },
    ),
  ],
};

function style(decoration: string, beginning = '', end = ''): Style {
  return { decoration, beginning, end, prefix: decoration.trimEnd(), postfix: decoration.trimEnd() };
}

function block(value: string, name: string, named: Record<string, unknown>): string {
  const known = Object.hasOwn(STYLES, name) ? STYLES[name] : undefined;
  if (!known) throw new BadArgument(`expects one of ${Object.keys(STYLES).join(', ')}, found '${name}'`, 1);
  // A decoration that is given also makes the lines above and below.
  const around = named.decoration === undefined ? {} : style(String(named.decoration));
  const used = { ...known, ...around, beginning: known.beginning, end: known.end, ...named } as Style;
  const newline = String(named.newline ?? '\n');
  const { decoration, prefix } = used;
  const lines = (decoration + value.replaceAll(newline, newline + decoration)).replaceAll(
    decoration + newline,
    decoration.trimEnd() + newline,
  );
  const above = prefix === '' || prefix === newline ? prefix : prefix + newline;
  return [
    used.beginning && used.beginning + newline,
    above.repeat(count(named.prefixCount)),
    lines,
    (newline + used.postfix).repeat(count(named.postfixCount)),
    used.end && newline + used.end,
  ].join('');
}

function count(value: unknown): number {
  return value === undefined ? 1 : Number(value);
}
