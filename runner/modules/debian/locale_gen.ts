import * as z from 'zod';
import { raw, sh } from '../../model/script.ts';
import { text } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { byProgram, lacking, linesOf } from '../shared/program.ts';
import type { Lacking } from '../shared/program.ts';
import { parseTexts, plannedTexts, probeTexts, textsChange } from '../repositories/texts.ts';
import type { Texts } from '../repositories/texts.ts';

const FILE = '/etc/locale.gen';
const SUPPORTED = '/usr/share/i18n/SUPPORTED';
const MARK = '@locales\n';

const locale = text.refine(
  (name) => /^[A-Za-z]{2,3}(_[A-Za-z]{2})?(\.[\w-]+)?(@\w+)?$|^C(\.[\w-]+)?$/.test(name),
  'expected the name of a locale, such as de_DE.UTF-8',
);

const args = z.strictObject({
  name: z
    .union([locale.transform((one) => [one]), z.array(locale).min(1)], 'expected names of locales, such as de_DE.UTF-8')
    .describe('Names of locales, such as `de_DE.UTF-8`.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the host has them.'),
});

type Args = z.output<typeof args>;

interface State {
  /** /etc/locale.gen and the list of what glibc supports. */
  texts: Texts;
  /** The locales that are made, as `locale -a` spells them. */
  made: string[];
}

export default defineModule<typeof args, State | Lacking>({
  name: 'locale_gen',
  summary: 'Make locales, or remove them',
  notes: [
    'The lines of the locales in /etc/locale.gen are enabled or disabled, then `locale-gen` makes what is enabled. Debian and its kin have this, and Arch Linux.',
    'Processes that run keep what they have: /etc/default/locale is not changed.',
  ],
  examples: `
- locale_gen: {name: [de_DE.UTF-8, en_GB.UTF-8]}
- locale_gen: {name: fr_FR, state: absent}
`,
  returns: { name: 'The locales.' },
  args,
  ...byProgram<Args, State>(
    { command: 'locale-gen', from: 'the package locales' },
    {
      probe: () =>
        raw(`o=$(locale -a) || exit
( ${probeTexts([FILE, SUPPORTED]).text} ) || exit
echo ${MARK.trim()}; ${sh`printf '%s\\n' "$o"`.text}`),
      parse(stdout) {
        const [files = '', made] = stdout.split(`@end\n${MARK}`);
        if (made === undefined) throw new Error('expected the locales of the host');
        return { texts: parseTexts({ stdout: `${files}@end\n` }), made: linesOf(made).map(plain) };
      },
      decide,
    },
  ),
});

/** A name as glibc compares it: the codeset in lower case, without hyphens. */
function plain(name: string): string {
  const [, place = '', codeset = '', modifier = ''] = /^([^.@]*)(\.[^@]*)?(@.*)?$/.exec(name) ?? [];
  return place + codeset.toLowerCase().replace(/[^.a-z0-9]/g, '') + modifier;
}

/** `NAME CODESET` of a line of locale.gen, a comment or not. */
function entryIn(line: string): { name: string; enabled: boolean } | undefined {
  const [, comment, name] = /^\s*(#*)\s*([A-Za-z]\S*)\s+[\w-]+\s*$/.exec(line) ?? [];
  return name === undefined ? undefined : { name: plain(name), enabled: comment === '' };
}

function decide({ name: names, state: wanted }: Args, { texts, made }: State, context: DecideContext): Decision<State> {
  const { [SUPPORTED]: supported = '', ...files } = texts;
  const before = plannedTexts(files, [FILE], context);
  const present = wanted === 'present';
  let content = before[FILE] ?? '';
  for (const name of names) {
    const next = present ? withLocale(content, name, supported) : withoutLocale(content, name);
    if (next === undefined)
      return lacking(
        context,
        `glibc of this host knows no locale ${name}`,
        `Its name is a line of ${SUPPORTED}, such as de_DE.UTF-8.`,
      );
    content = next;
  }
  const wrong = names.filter((name) => made.includes(plain(name)) !== present);
  const result = { name: names };
  if (wrong.length === 0 && content === (before[FILE] ?? '')) return { kind: 'ok', result };
  const {
    diff,
    steps,
    plans = {},
  } = content === before[FILE]
    ? { diff: [], steps: [] }
    : textsChange(before, { ...before, [FILE]: content }, before[FILE] === undefined ? '0644' : undefined);
  return {
    kind: 'change',
    diff: [
      ...wrong.map((name) => ({
        what: `locale ${name}`,
        before: present ? null : 'made',
        after: present ? 'made' : null,
      })),
      ...diff,
    ],
    steps: [...steps, { do: 'run', script: raw('locale-gen') }],
    plans: { ...plans },
    result,
  };
}

/** The text with the locale enabled; undefined where neither it nor the list of glibc has it. */
function withLocale(content: string, name: string, supported: string): string | undefined {
  const own = content.split('\n').filter((line) => entryIn(line)?.name === plain(name));
  if (own.some((line) => entryIn(line)?.enabled)) return content;
  const [disabled] = own;
  if (disabled !== undefined)
    return content
      .split('\n')
      .map((line) => (line === disabled ? line.replace(/^\s*#+\s*/, '') : line))
      .join('\n');
  const line = supported.split('\n').find((one) => entryIn(one)?.name === plain(name));
  if (line === undefined) return undefined;
  return `${content}${content === '' || content.endsWith('\n') ? '' : '\n'}${line.trim()}\n`;
}

const withoutLocale = (content: string, name: string) =>
  content
    .split('\n')
    .map((line) => (entryIn(line)?.name === plain(name) && entryIn(line)?.enabled ? `# ${line.trim()}` : line))
    .join('\n');
