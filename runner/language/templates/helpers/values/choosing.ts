import { truthy } from '../../../values/truthy.ts';
import { decided, NotKnown } from '../../../values/unknown.ts';
import { BadArgument, lazily } from '../helper.ts';
import type { Arguments, HelperGroup } from '../helper.ts';
import { text } from '../take.ts';

/** Choosing between values; what is not chosen is not evaluated. */
export const choosing: HelperGroup = {
  title: 'Choosing',
  helpers: [
    lazily({
      name: 'default',
      args: 'value other?',
      summary:
        'The value, or the other (empty text where there is none) where the variable or the key is missing or null. With empty=true also where it is empty, 0 or false.',
      named: { empty: 'true: empty text, lists, mappings, 0 and false count as missing' },
      lenient: true,
      templatesOnly: true,
      example: { template: '{{default port 80}}', result: 80 },
      choose: (args, { named }) => {
        const value = args.known(0);
        const there = named.empty === true ? truthy(value) : value !== undefined && value !== null;
        return there ? value : args.count > 1 ? args.known(1) : '';
      },
    }),
    {
      name: 'defined',
      args: 'value',
      summary: 'Whether the variable, or the key that is looked up, is there.',
      lenient: true,
      templatesOnly: true,
      example: { template: '{{defined port}}', result: false },
      run: ([value]) => value !== undefined,
    },
    {
      name: 'required',
      args: 'value message?',
      summary: 'The value; where it is missing or null, an error with your message.',
      lenient: true,
      templatesOnly: true,
      example: { template: '{{required port "set port for each web server"}}', vars: { port: 80 }, result: 80 },
      run: (args) => {
        if (args[0] !== undefined && args[0] !== null) return args[0];
        throw new BadArgument(args.length > 1 ? `says: ${text(args, 1)}` : 'finds no value for this variable');
      },
    },
    lazily({
      name: 'ternary',
      args: 'condition then else null?',
      summary: 'One of two values; with a third one, that where the condition is null.',
      templatesOnly: true,
      example: { template: '{{ternary tls "https" "http"}}', vars: { tls: true }, result: 'https' },
      choose: (args) => {
        const condition = decided(args.open(0));
        if (condition === null && args.count > 3) return args.open(3);
        return args.open(truthy(condition) ? 1 : 2);
      },
    }),
    {
      name: 'truthy',
      args: 'value',
      summary: 'Whether it is true: not false, null, 0, empty text, an empty list or an empty mapping.',
      example: { template: '{{truthy site}}', vars: { site: {} }, result: false },
      run: ([value]) => truthy(value),
    },
    lazily({
      name: 'and',
      args: 'a b...',
      summary: 'Whether all are true, as truthy says. After one that is not, none is evaluated.',
      templatesOnly: true,
      example: { template: '{{and true 1 "a"}}', result: true },
      choose: (args) => deciding(args, false),
    }),
    lazily({
      name: 'or',
      args: 'a b...',
      summary: 'Whether one of them is true. After that none is evaluated.',
      templatesOnly: true,
      example: { template: '{{or false ""}}', result: false },
      choose: (args) => deciding(args, true),
    }),
    {
      name: 'not',
      args: 'a',
      summary: 'Whether it is not true.',
      templatesOnly: true,
      example: { template: '{{not false}}', result: true },
      run: ([value]) => !truthy(value),
    },
    lazily({
      name: 'either',
      args: 'a b...',
      summary: 'The first that is true, or the last: what `a or b` is in Jinja.',
      example: { template: '{{either name "none"}}', vars: { name: '' }, result: 'none' },
      choose: (args) => firstThat(args, true),
    }),
    lazily({
      name: 'both',
      args: 'a b...',
      summary: 'The first that is not true, or the last: what `a and b` is in Jinja.',
      example: { template: '{{both tls "https"}}', vars: { tls: true }, result: 'https' },
      choose: (args) => firstThat(args, false),
    }),
  ],
};

/**
 * Three-valued logic: one argument that decides is enough. What comes after an unknown one may be guarded by it, so that
 * it cannot fail any more.
 */
function deciding(args: Arguments, by: boolean): boolean {
  let unknown: NotKnown | undefined;
  for (let i = 0; i < args.count; i++) {
    try {
      if (truthy(decided(args.open(i))) === by) return by;
    } catch (error) {
      if (!unknown && !(error instanceof NotKnown)) throw error;
      unknown ??= error as NotKnown;
    }
  }
  if (unknown) throw unknown;
  return !by;
}

function firstThat(args: Arguments, wanted: boolean): unknown {
  for (let i = 0; i < args.count - 1; i++) {
    const value = decided(args.open(i));
    if (truthy(value) === wanted) return value;
  }
  return args.open(args.count - 1);
}
