import { NoTranslation } from '../problem.ts';
import type { Expr, ExprOf, Statement, StatementOf } from '../source/ast.ts';
import { argument, handlebarsOf } from '../target/handlebars.ts';
import type { Term } from '../target/term.ts';
import { innerContext, templateNameIn } from '../translate/context.ts';
import type { Context } from '../translate/context.ts';
import { valueOf } from '../translate/expression.ts';
import { changing } from '../translate/methods.ts';
import { text, unknown } from '../types.ts';
import { changeOf } from './changes.ts';
import { writeFor } from './loops.ts';
import { captured, writeCall, writeMacro } from './macros.ts';
import { printed } from './printed.ts';
import { styleAt } from './writer.ts';
import type { TemplateWriter } from './writer.ts';

type Write<K extends Statement['kind']> = (statement: StatementOf<K>, context: Context, writer: TemplateWriter) => void;

const writers: { [K in Statement['kind']]: Write<K> } = {
  data: (statement, _context, writer) => writer.data(statement.text),
  comment: ({ text: comment, broken }, _context, writer) => writer.block(commentTag(comment), broken),
  output({ value: written }, context, writer) {
    writer.attempt(() => {
      const change = changeOf(written);
      if (change) return writeChange(change, false, context, writer);
      if (written.kind === 'call' && written.callee.kind === 'name' && context.macros.has(written.callee.name))
        return writeCall(written, context, writer);
      const value = captured(written, context, writer);
      writer.output(`{{${handlebarsOf(printed(valueOf(value, context)), styleAt(value, context))}}}`);
    });
  },
  if: writeIf,
  for: (statement, context, writer) =>
    writeFor(statement, context, writer, (body, inner) => writeBody(body, inner, writer)),
  set: writeSet,
  'set-block'({ name, filters, open, body, close }, context, writer) {
    writer.expressions++;
    capture(name, { open, body, close }, context, writer);
    context.locals.set(name, { kind: 'local', path: name, type: text });
    if (filters)
      writer.attempt(() => writer.block(`{{set ${name}=${writer.argument(filters, context)}}}`, close.broken));
  },
  filter({ value, open, body, close }, context, writer) {
    capture('filtered', { open, body, close: { ...close, broken: false } }, context, writer);
    const inner = innerContext(context);
    inner.locals.set('filtered', { kind: 'local', path: 'filtered', type: text });
    writer.attempt(() => writer.output(`{{${handlebarsOf(valueOf(value, inner), styleAt(value, inner))}}}`));
  },
  macro: (statement, context, writer) =>
    writeMacro(statement, context, writer, (body, inner) => writeBody(body, inner, writer)),
  include: writeInclude,
  // Templates that extend this one are none of Handlebars': what is in the block stays in its place.
  block({ name, open, body, close }, context, writer) {
    writer.block(commentTag(` block ${name} `), open.broken);
    writeBody(body, innerContext(context), writer);
    writer.block(commentTag(` endblock ${name} `), close.broken);
  },
  with({ targets, open, body, close }, context, writer) {
    const inner = innerContext(context);
    writer.attempt(() => {
      const names = targets.map(([name, value]) => `${name}=${writer.argument(value, context)}`);
      writer.block(`{{#let ${names.join(' ')}}}`, open.broken);
      for (const [name, value] of targets)
        inner.locals.set(name, { kind: 'local', path: name, type: valueOf(value, context).type });
    });
    writeBody(body, inner, writer);
    writer.block('{{/let}}', close.broken);
  },
};

/** Writes statements one after the other. */
export function writeBody(body: readonly Statement[], context: Context, writer: TemplateWriter): void {
  for (const statement of body)
    (writers[statement.kind] as Write<Statement['kind']>)(statement as never, context, writer);
}

function commentTag(comment: string): string {
  if (!comment.includes('}}') && !comment.startsWith('--')) return `{{!${comment}}}`;
  return `{{!--${comment.replaceAll('--}}', '-- }}')}--}}`;
}

function writeIf({ branches, other, close }: StatementOf<'if'>, context: Context, writer: TemplateWriter): void {
  const [first] = branches;
  const change = first && changeOf(first.test);
  if (change && branches.length === 1) {
    // Its value is None: nothing but the change, and `else`.
    writer.attempt(() => writeChange(change, (other?.tag ?? close).broken, context, writer));
    return other && writeBody(other.body, context, writer);
  }
  let name = 'if';
  branches.forEach(({ test, tag, body }, i) => {
    writer.attempt(() => {
      // Later branches are asked only where the first does not hold: nothing is captured for them before.
      const asked = i === 0 ? captured(test, context, writer) : test;
      const { positive, negative } = writer.condition(asked, context);
      const unless = i === 0 && branches.length === 1 && negative !== undefined;
      if (unless) name = 'unless';
      writer.block(i > 0 ? `{{else if ${positive}}}` : `{{#${name} ${unless ? negative : positive}}}`, tag.broken);
    });
    writeBody(body, context, writer);
  });
  if (other) {
    writer.block('{{else}}', other.tag.broken);
    writeBody(other.body, context, writer);
  }
  writer.block(`{{/${name}}}`, close.broken);
}

function writeSet(
  { targets, value: written, broken, ...at }: StatementOf<'set'>,
  context: Context,
  writer: TemplateWriter,
): void {
  writer.attempt(() => {
    const value = captured(written, context, writer);
    const change = changeOf(value);
    if (change) return writeChange(change, broken, context, writer);
    const [target] = targets;
    if (targets.length === 1 && target?.kind === 'attribute' && target.of.kind === 'name') {
      const { path } = localOf(target.of, context);
      return writer.block(`{{update ${path} ${target.key}=${writer.argument(value, context)}}}`, broken);
    }
    const given = valueOf(value, context);
    const values = targets.length === 1 ? [given] : targets.map((_, i) => partOf(given, i));
    const names = targets.map((name) => (name.kind === 'name' ? name.name : fail(at)));
    const pairs = names.map((name, i) => `${name}=${argument(values[i]!, styleAt(value, context))}`);
    writer.block(`{{set ${pairs.join(' ')}}}`, broken);
    names.forEach((name, i) => context.locals.set(name, { kind: 'local', path: name, type: values[i]!.type }));
  });
}

function fail(at: { start: number; end: number }): never {
  throw new NoTranslation('J_STATEMENT', at, "'set' of this has no counterpart.");
}

function partOf(value: Term, index: number): Term {
  return (
    (value.kind === 'list' ? value.items[index] : undefined) ?? { kind: 'member', of: value, key: index, type: unknown }
  );
}

function writeChange(
  { callee, args, ...at }: ExprOf<'call'>,
  broken: boolean,
  context: Context,
  writer: TemplateWriter,
): void {
  const { of, key } = callee as ExprOf<'attribute'>;
  const { path } = localOf(of, context);
  const write = (arg: Expr): string => argument(valueOf(arg, context), styleAt(at, context));
  const values = args.positional.map(write);
  // Items are added one by one, so that the list stays the same one.
  if (key === 'extend') return writer.output(`{{#each ${values[0]} as |added|}}{{append ${path} added}}{{/each}}`);
  const named = Object.entries(args.named).map(([name, value]) => `${name}=${write(value)}`);
  writer.block(`{{${[changing[String(key)], path, ...values, ...named].join(' ')}}}`, broken);
}

/** What is changed in place must be a name that the template has set. */
function localOf(expr: Expr, context: Context): { path: string } {
  const term = valueOf(expr, context);
  if (term.kind === 'local') return term;
  throw new NoTranslation('J_STATEMENT', expr, 'Only what the template itself has set can be changed.');
}

function capture(
  name: string,
  { open, body, close }: Pick<StatementOf<'filter'>, 'open' | 'body' | 'close'>,
  context: Context,
  writer: TemplateWriter,
): void {
  writer.block(`{{#capture "${name}"}}`, open.broken);
  writeBody(body, innerContext(context), writer);
  writer.block('{{/capture}}', close.broken);
}

function writeInclude(
  { name, optional, broken }: StatementOf<'include'>,
  context: Context,
  writer: TemplateWriter,
): void {
  writer.attempt(() => {
    if (name.kind !== 'literal' || typeof name.value !== 'string')
      throw new NoTranslation('J_STATEMENT', name, 'An include whose name is computed has no translation.');
    context.includes.add(name.value);
    const partial = templateNameIn(context, name.value, 'include', name);
    const written = /^[\w/.-]+$/.test(partial) ? partial : JSON.stringify(partial);
    const locals = [...context.locals].map(([local, term]) => ` ${local}=${argument(term, styleAt(name, context))}`);
    const given = locals.length > 0 || context.inLoop ? ` @root${locals.join('')}` : '';
    writer.block(optional ? `{{#> ${written}${given}}}{{/${written}}}` : `{{> ${written}${given}}}`, broken);
  });
}
