import { basename, dirname, extname } from 'node:path/posix';
import { expand, replacementProblem } from '../../../regex/expand.ts';
import type { Match, Pattern } from '../../../regex/pattern.ts';
import { quote } from '../../../../model/script.ts';
import type { HelperGroup } from '../helper.ts';
import { BadArgument } from '../helper.ts';
import { matching, patternFlags } from './patterns.ts';
import { integer, text } from '../take.ts';

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
      named: patternFlags,
      run: (args, { named }) => matching(args, (pattern) => replaced(text(args), pattern, text(args, 2)), named),
    },
    {
      name: 'regexSearch',
      args: 'text pattern group...?',
      summary:
        'The first match, or its first group where the pattern has one; null where nothing matches. With numbers or names of groups those: a number gives a text, \\1 and \\g<name> a list, as in Ansible.',
      named: patternFlags,
      example: { template: '{{regexSearch "version 1.2.3" "[0-9.]+"}}', result: '1.2.3' },
      run: (args, { named }) => {
        const found = matching(args, (pattern) => [pattern, pattern.first(text(args))] as const, named);
        return found[1] ? groupsOf(found[0], found[1], args.slice(2)) : null;
      },
    },
    {
      name: 'regexFindAll',
      args: 'text pattern',
      summary: "All matches, as a list; with groups=true the pattern's group of each, or a list of its groups.",
      named: { groups: 'true: the groups instead of the whole match', ...patternFlags },
      example: { template: '{{regexFindAll "a1b22" "[0-9]+"}}', result: ['1', '22'] },
      run: (args, { named }) =>
        matching(
          args,
          (pattern) =>
            pattern.all(text(args)).map((match) => (named.groups === true ? allGroups(match) : match.groups[0])),
          named,
        ),
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
      args: 'text width?',
      summary:
        'With so many spaces (4 where not given) before each line but the first; first=true for that one too. Empty lines stay empty.',
      named: { first: 'true: the first line too', blank: 'true: empty lines too' },
      example: { template: '{{indent text 2}}', vars: { text: 'a\nb' }, result: 'a\n  b' },
      run: (args, { named }) => indent(text(args), args.length > 1 ? integer(args, 1) : 4, named),
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

/** What `regexSearch` gives of a match. */
function groupsOf(pattern: Pattern, { groups }: Match, wanted: unknown[]): unknown {
  const [only] = wanted;
  if (wanted.length === 0) return groups[1] ?? groups[0];
  if (wanted.length === 1 && typeof only === 'number') return groups[only] ?? null;
  return wanted.map((group) => {
    const name = String(group).replace(/^\\+(?:g<(\w+)>)?/, '$1');
    return groups[/^\d+$/.test(name) ? Number(name) : (pattern.names.get(name) ?? -1)] ?? null;
  });
}

/** Python's findall: a pattern with one group gives its texts, with several lists of them. */
function allGroups({ groups }: Match): unknown {
  const [whole = '', ...inner] = groups.map((group) => group ?? '');
  return inner.length === 0 ? whole : inner.length === 1 ? inner[0] : inner;
}

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

function indent(value: string, width: number, { first, blank }: Record<string, unknown>): string {
  const indented = value.replaceAll(blank === true ? /^/gm : /^(?=.)/gm, () => ' '.repeat(width));
  return first === true || !value || (blank !== true && /^[\r\n]/.test(value)) ? indented : indented.slice(width);
}
