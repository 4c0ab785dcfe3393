import type { Expr, StatementOf } from '../source/ast.ts';
import { argument } from '../target/handlebars.ts';
import { call } from '../target/term.ts';
import type { Term } from '../target/term.ts';
import { innerContext } from '../translate/context.ts';
import type { Context } from '../translate/context.ts';
import { valueOf } from '../translate/expression.ts';
import { list, text, unknown } from '../types.ts';
import type { JinjaType } from '../types.ts';
import { mentions, some, styleAt } from './writer.ts';
import type { TemplateWriter, WriteBody } from './writer.ts';

type For = StatementOf<'for'>;

/** What `#each` goes through, and the names that it gives. */
interface Each {
  over: Term;
  /** As they stand between the bars. */
  params: string[];
  /** The names of the loop in Jinja. */
  locals: [string, Term][];
}

/** `{% for %}` as `{{#each}}`. */
export function writeFor(statement: For, context: Context, writer: TemplateWriter, write: WriteBody): void {
  const { loop, open, body, other, close } = statement;
  const inner = innerContext(context, { inLoop: true });
  const isCounted = loop.test !== undefined && (other !== undefined || mentions(body, 'loop'));
  writer.attempt(() => {
    const each = eachOf(statement, context);
    for (const [name, term] of each.locals) inner.locals.set(name, term);
    // The parameters hide names from outside that are called the same.
    const style = styleAt(loop.over, context);
    const over = isCounted
      ? writePicked(statement, each, { outer: context, inner }, writer)
      : argument(each.over, style);
    writer.block(`{{#each ${over} as |${each.params.join(' ')}|}}`, open.broken);
  });
  if (loop.test && !isCounted) writeGuarded(statement, inner, writer, write);
  else write(body, inner);
  if (other) {
    writer.block('{{else}}', other.tag.broken);
    write(other.body, innerContext(context));
  }
  writer.block('{{/each}}', close.broken);
}

/** A loop's `if`: inside of each turn, as long as nothing counts the turns. */
function writeGuarded({ loop, body }: For, context: Context, writer: TemplateWriter, write: WriteBody): void {
  writer.attempt(() => writer.block(`{{#if ${writer.condition(loop.test!, context).positive}}}`, false));
  write(body, context);
  writer.block('{{/if}}', false);
}

/** Where the turns are counted, what the `if` holds for is picked before. Returns the name of what was picked. */
function writePicked(
  { loop }: For,
  { over, params, locals }: Each,
  { outer, inner }: { outer: Context; inner: Context },
  writer: TemplateWriter,
): string {
  const [item = '', key] = params;
  const picked = unused('picked', [...outer.locals.keys(), ...locals.map(([name]) => name), ...params]);
  writer.block(`{{set ${picked}=(${key === undefined ? 'list' : 'dict'})}}`, false);
  writer.block(`{{#each ${argument(over, styleAt(loop.over, outer))} as |${params.join(' ')}|}}`, false);
  writer.block(`{{#if ${writer.condition(loop.test!, inner).positive}}}`, false);
  writer.block(
    key === undefined ? `{{append ${picked} ${item}}}` : `{{update ${picked} (dict ${key} ${item})}}`,
    false,
  );
  writer.block('{{/if}}', false);
  writer.block('{{/each}}', false);
  return picked;
}

function eachOf({ loop, body }: For, context: Context): Each {
  const { targets, over } = loop;
  const mapping = itemsOf(over);
  if (mapping && targets.length === 2) {
    const [key = '', value = ''] = targets;
    const of = valueOf(mapping, context);
    return {
      over: of,
      params: [value, key],
      locals: [
        [key, local(key, text)],
        [value, local(value, valuesType(of.type))],
      ],
    };
  }
  const found = valueOf(over, context);
  if (targets.length > 1) return unpacked(targets, found, context);
  const [name = ''] = targets;
  const keys = found.type.kind === 'mapping' || (found.type.kind !== 'list' && indexes(body, over, name));
  if (keys) return { over: call('keys', [found], list), params: [name], locals: [[name, local(name, text)]] };
  const items = found.type.kind === 'text' ? call('toList', [found], list) : found;
  return { over: items, params: [name], locals: [[name, local(name, found.type.item ?? unknown)]] };
}

/** `m.items()`, `m | items`: the mapping. */
function itemsOf(over: Expr): Expr | undefined {
  if (over.kind === 'filter' && over.name === 'list') return itemsOf(over.of);
  if (over.kind === 'filter' && over.name === 'items') return over.of;
  if (over.kind !== 'call' || over.callee.kind !== 'attribute') return undefined;
  return /^(iter)?items$/.test(String(over.callee.key)) ? over.callee.of : undefined;
}

function valuesType({ keys }: JinjaType): JinjaType {
  const kinds = Object.values(keys ?? {});
  const [first] = kinds;
  return first && kinds.every(({ kind }) => kind === first.kind) ? { kind: first.kind } : unknown;
}

/** Several names for the parts of each item: one parameter, of which they are the parts. */
function unpacked(targets: string[], over: Term, { locals }: Context): Each {
  const param = unused('entry', [...locals.keys(), ...targets]);
  return {
    over,
    params: [param],
    locals: targets.map((name, i) => [name, { kind: 'member', of: local(param, unknown), key: i, type: unknown }]),
  };
}

/** A name that is not in use. */
function unused(name: string, taken: readonly string[]): string {
  return taken.includes(name) ? unused(`${name}_`, taken) : name;
}

function local(path: string, type: JinjaType): Term {
  return { kind: 'local', path, type };
}

/** Whether `over[name]` is read: then `over` is a mapping, and Python goes through its keys. */
function indexes(body: unknown, over: Expr, name: string): boolean {
  const wanted = shape(over);
  return some(body, (node) => {
    const item = node as Expr;
    return item.kind === 'item' && item.index.kind === 'name' && item.index.name === name && shape(item.of) === wanted;
  });
}

/** An expression without its places. */
function shape(expr: Expr): string {
  return JSON.stringify(expr, (key, value: unknown) => (key === 'start' || key === 'end' ? undefined : value));
}
