import * as z from 'zod';
import { argv, sh, withStdin } from '../../model/script.ts';
import { flag, text } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { Decision } from '../../model/module.ts';
import { differing } from '../shared/attribute.ts';
import type { Attribute } from '../shared/attribute.ts';
import { byProgram } from '../shared/program.ts';
import type { Lacking } from '../shared/program.ts';

const TYPES = [
  'boolean',
  'error',
  'multiselect',
  'note',
  'password',
  'seen',
  'select',
  'string',
  'text',
  'title',
] as const;

const word = z.string().regex(/^[\w.+:/-]+$/, 'expected a name');
const answer = z
  .union([text, z.array(text).transform((all) => all.join(', '))])
  .refine((value) => !/[\r\n]|\\$/.test(value), 'debconf takes one line that does not end in a backslash');

const args = z
  .strictObject({
    name: word.describe('The package.'),
    question: word.optional().describe('The question, such as `tzdata/Areas`; without it the answers are only read.'),
    vtype: z.enum(TYPES).optional().describe('The kind of the answer; `seen` sets whether it was asked already.'),
    value: answer.optional().describe('The answer; of `multiselect` a list, or one text with commas.'),
    unseen: flag.default(false).describe('Leave the question as one that is still to be asked.'),
  })
  .refine(
    ({ question, vtype, value }) => question === undefined || (vtype !== undefined && value !== undefined),
    'a question needs vtype and value',
  )
  .refine(({ question, value }) => value === undefined || question !== undefined, 'a value needs a question');

type Args = z.output<typeof args>;

/** The answers by question; without the question that is asked for where it has none. */
type State = Record<string, string>;

export default defineModule<typeof args, State | Lacking>({
  name: 'debconf',
  summary: 'Answer a question of a Debian package before it is asked',
  notes: [
    'Packages that are installed already take an answer over when they are configured again: `dpkg-reconfigure`.',
    'Answers of the type `password` are masked wherever they are shown.',
  ],
  examples: `
- debconf: {name: tzdata, question: tzdata/Areas, vtype: select, value: Europe}
- debconf: {name: postfix, question: postfix/main_mailer_type, vtype: select, value: Internet Site}
`,
  returns: {
    previous: 'The answers before, by question.',
    current: 'The answers now, by question.',
  },
  args,
  synonyms: { pkg: 'name', setting: 'question', selection: 'question', answer: 'value' },
  secrets: ({ vtype, question = '', value = '' }, state = {}) =>
    vtype === 'password' ? [value, (state as State)[question] ?? ''].filter((one) => one !== '') : [],
  ...byProgram<Args, State>(
    ({ question }) => ({
      command: question === undefined ? 'debconf-show' : 'debconf-communicate',
      from: 'debconf, which only Debian and its kin have',
    }),
    {
      // It answers with 10 where it does not know the question.
      probe: ({ name, question }) =>
        question === undefined
          ? argv('debconf-show', name)
          : sh`o=$(printf 'GET %s\\nFGET %s seen\\n' ${question} ${question} | DEBIAN_FRONTEND=noninteractive debconf-communicate ${name}) || [ $? = 10 ] || exit 1; printf '%s\\n' "$o"`,
      parse: (stdout, args) => (args.question === undefined ? shown(stdout) : answered(stdout, args.question, args)),
      decide,
    },
  ),
});

/** A line each: a star before questions that were asked, then `question: value`. */
function shown(stdout: string): State {
  const all = [...stdout.matchAll(/^[* ] (\S+):(?: (.*))?$/gm)];
  return Object.fromEntries(all.map(([, question = '', value = '']) => [question, value]));
}

/** An answer of debconf's protocol to each of the two questions: a status, and the value, which may have several lines. */
function answered(stdout: string, question: string, { vtype }: Args): State {
  const [, status, value = '', seen = ''] = /^(\d+) ?([\s\S]*)\n(?:0 (true|false)|10 .*)\n$/.exec(stdout) ?? [];
  if (status === '10') return {};
  if (status !== '0' || seen === '') throw new Error(`debconf did not say what it knows of ${question}`);
  return { [question]: vtype === 'seen' ? seen : value };
}

function decide(args: Args, state: State): Decision<State> {
  const { name, question, vtype, value = '', unseen } = args;
  if (question === undefined) return { kind: 'ok', result: { previous: state, current: state } };
  const wanted = vtype === 'boolean' || vtype === 'seen' ? value.toLowerCase() : value;
  const found = state[question];
  const attribute: Attribute = {
    what: question,
    found: vtype === 'multiselect' && found !== undefined && sameChoices(found, wanted) ? wanted : found,
    wanted,
    script: withStdin(argv('debconf-set-selections', unseen && '-u'), `${name} ${question} ${vtype} ${wanted}\n`),
  };
  const { diff, steps } = differing([attribute]);
  const result = { previous: state, current: { ...state, [question]: wanted } };
  return diff.length === 0 ? { kind: 'ok', result } : { kind: 'change', diff, steps, result };
}

/** The order of several choices means nothing. */
function sameChoices(one: string, other: string): boolean {
  const sorted = (list: string) =>
    list
      .split(',')
      .map((choice) => choice.trim())
      .sort()
      .join();
  return sorted(one) === sorted(other);
}
