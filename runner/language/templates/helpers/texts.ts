import { basename, dirname, extname } from 'node:path/posix';
import { expand, replacementProblem } from '../../regex/expand.ts';
import { Pattern } from '../../regex/pattern.ts';
import { PatternError } from '../../regex/reader.ts';
import { quote } from '../../../model/script.ts';
import type { HelperGroup } from './helper.ts';
import { BadArgument } from './helper.ts';
import { integer, text } from './take.ts';

/** Working on text. */
export const texts: HelperGroup = {
  title: 'Text',
  helpers: [
    {
      name: 'lower',
      args: 'text',
      summary: 'In lower case.',
      example: { template: '{{lower "Web"}}', result: 'web' },
      run: (args) => text(args).toLowerCase(),
    },
    {
      name: 'upper',
      args: 'text',
      summary: 'In upper case.',
      example: { template: '{{upper "web"}}', result: 'WEB' },
      run: (args) => text(args).toUpperCase(),
    },
    {
      name: 'capitalize',
      args: 'text',
      summary: 'With its first letter in upper case.',
      example: { template: '{{capitalize "web"}}', result: 'Web' },
      run: (args) => text(args).replace(/^./u, (first) => first.toUpperCase()),
    },
    {
      name: 'trim',
      args: 'text',
      summary: 'Without white space at both ends.',
      example: { template: '{{trim "  a "}}', result: 'a' },
      run: (args) => text(args).trim(),
    },
    {
      name: 'replace',
      args: 'text old new',
      summary: 'With every occurrence replaced.',
      example: { template: '{{replace "a.b.c" "." "-"}}', result: 'a-b-c' },
      run: (args) => text(args).replaceAll(text(args, 1), () => text(args, 2)),
    },
    {
      name: 'regexReplace',
      args: 'text pattern new',
      summary: 'With every match of a regular expression replaced; $1 or \\1 in the new text is a group.',
      example: { template: '{{regexReplace "eth12" "([a-z]+)(\\d+)" "$1-$2"}}', result: 'eth-12' },
      run: (args) => matching(args, (pattern) => replaced(text(args), pattern, text(args, 2))),
    },
    {
      name: 'regexSearch',
      args: 'text pattern',
      summary: 'The first match, or its first group where the pattern has one; null where nothing matches.',
      example: { template: '{{regexSearch "version 1.2.3" "[0-9.]+"}}', result: '1.2.3' },
      run: (args) => {
        const match = matching(args, (pattern) => pattern.first(text(args)));
        return match ? (match.groups[1] ?? match.groups[0]) : null;
      },
    },
    {
      name: 'regexFindAll',
      args: 'text pattern',
      summary: 'All matches, as a list.',
      example: { template: '{{regexFindAll "a1b22" "[0-9]+"}}', result: ['1', '22'] },
      run: (args) => matching(args, (pattern) => pattern.all(text(args)).map(({ groups }) => groups[0])),
    },
    {
      name: 'regexEscape',
      args: 'text',
      summary: 'With a backslash before what means something in regular expressions.',
      example: { template: '{{regexEscape "a.b"}}', result: 'a\\.b' },
      run: (args) => text(args).replaceAll(/[\\^$.*+?()[\]{}|]/g, (sign) => `\\${sign}`),
    },
    {
      name: 'split',
      args: 'text separator?',
      summary: 'A list of its parts; at white space where no separator is given.',
      example: { template: '{{split "a,b" ","}}', result: ['a', 'b'] },
      run: (args) => (args.length > 1 ? text(args).split(text(args, 1)) : text(args).split(/\s+/).filter(Boolean)),
    },
    {
      name: 'lines',
      args: 'text',
      summary: 'A list of its lines; the empty one after the last line break is left out.',
      example: { template: '{{lines output}}', vars: { output: 'a\nb\n' }, result: ['a', 'b'] },
      run: (args) =>
        text(args) === ''
          ? []
          : text(args)
              .replace(/\r?\n$/, '')
              .split(/\r?\n/),
    },
    {
      name: 'indent',
      args: 'text width',
      summary:
        'With so many spaces before each line but the first; first=true for that one too. Empty lines stay empty.',
      named: { first: 'true: the first line too' },
      example: { template: '{{indent text 2}}', vars: { text: 'a\nb' }, result: 'a\n  b' },
      run: (args, { named }) => indent(text(args), integer(args, 1), named.first === true),
    },
    {
      name: 'comment',
      args: 'text sign?',
      summary: 'With a sign (# where not given) and a space before each line.',
      example: { template: '{{comment "a b"}}', result: '# a b' },
      run: (args) => text(args).replaceAll(/^/gm, () => `${args.length > 1 ? text(args, 1) : '#'} `),
    },
    {
      name: 'startsWith',
      args: 'text start',
      summary: 'Whether it begins so.',
      example: { template: '{{startsWith "eth0" "eth"}}', result: true },
      run: (args) => text(args).startsWith(text(args, 1)),
    },
    {
      name: 'endsWith',
      args: 'text end',
      summary: 'Whether it ends so.',
      example: { template: '{{endsWith "a.hbs" ".hbs"}}', result: true },
      run: (args) => text(args).endsWith(text(args, 1)),
    },
    {
      name: 'matches',
      args: 'text pattern',
      summary: 'Whether a regular expression matches somewhere in it.',
      example: { template: '{{matches "eth0" "^eth[0-9]"}}', result: true },
      run: (args) => matching(args, (pattern) => pattern.test(text(args))),
    },
    {
      name: 'truncate',
      args: 'text length',
      summary: 'Its first so many characters.',
      example: { template: '{{truncate "abcdef" 3}}', result: 'abc' },
      run: (args) => [...text(args)].slice(0, integer(args, 1)).join(''),
    },
    {
      name: 'quote',
      args: 'text',
      summary: 'As one word for a shell, whatever it holds.',
      example: { template: `{{quote "it's"}}`, result: `'it'\\''s'` },
      run: (args) => quote(text(args)),
    },
    {
      name: 'basename',
      args: 'path',
      summary: 'The last part of a path.',
      example: { template: '{{basename "/etc/hosts"}}', result: 'hosts' },
      run: (args) => basename(text(args)),
    },
    {
      name: 'dirname',
      args: 'path',
      summary: 'A path without its last part.',
      example: { template: '{{dirname "/etc/hosts"}}', result: '/etc' },
      run: (args) => dirname(text(args)),
    },
    {
      name: 'extname',
      args: 'path',
      summary: 'The ending of a file name, with its dot.',
      example: { template: '{{extname "a.tar.gz"}}', result: '.gz' },
      run: (args) => extname(text(args)),
    },
  ],
};

/** What `use` makes of the pattern that is the second argument; patterns are kept, since conditions are asked for each host. */
function matching<T>(args: unknown[], use: (pattern: Pattern) => T): T {
  const source = text(args, 1);
  try {
    const pattern = patterns.get(source) ?? new Pattern(source);
    if (patterns.size > 1000) patterns.clear();
    patterns.set(source, pattern);
    return use(pattern);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new BadArgument(`'${source}' is not a valid regular expression: ${error.message}`, 1);
  }
}

const patterns = new Map<string, Pattern>();

/** `$1`, `$<name>`, `$&` and `$$` as JavaScript's users write them, `\\1` and `\\g<name>` as Python's do. */
function replaced(value: string, pattern: Pattern, by: string): string {
  const template = by.replace(
    /\$(?:(\$)|(&)|(\d\d?)|<(\w+)>)/g,
    (whole, dollar?: string, all?: string, number?: string, name?: string) => {
      if (dollar) return '$';
      if (number !== undefined && Number(number) > pattern.count) return whole;
      return `\\g<${all ? '0' : (number ?? name)}>`;
    },
  );
  const problem = replacementProblem(template, pattern);
  if (problem) throw new BadArgument(problem, 2);
  let at = 0;
  const pieces = pattern.all(value).map((match) => {
    const piece = value.slice(at, match.start) + expand(template, pattern, match);
    at = match.end;
    return piece;
  });
  return pieces.join('') + value.slice(at);
}

function indent(value: string, width: number, first: boolean): string {
  const indented = value.replaceAll(/^(?=.)/gm, () => ' '.repeat(width));
  return first || !value || /^[\r\n]/.test(value) ? indented : indented.slice(width);
}
