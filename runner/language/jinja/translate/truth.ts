import { call, literal, not, operator } from '../target/term.ts';
import type { Term } from '../target/term.ts';
import { boolean } from '../types.ts';

/** A condition that holds where Python takes a value for true. */
export function truth(term: Term): Term {
  if (term.type.kind === 'boolean') return term;
  if (term.kind === 'literal') return literal(Boolean(term.value));
  if (term.kind === 'list') return literal(term.items.length > 0);
  if (term.kind === 'mapping') return literal(term.entries.length > 0);
  return call('truthy', [term], boolean);
}

/** A condition as CEL has it: for values of a known kind by a comparison. */
export function comparedTruth(term: Term): Term {
  const { kind, type } = term;
  if (kind === 'not') return not(comparedTruth(term.of));
  if (kind === 'operator' && (term.operator === '&&' || term.operator === '||'))
    return operator(term.operator, comparedTruth(term.left), comparedTruth(term.right));
  if (kind !== 'call' || term.name !== 'truthy') return term;
  const [value] = term.args;
  if (!value || type.kind !== 'boolean') return term;
  if (value.type.kind === 'text') return operator('!=', value, literal(''));
  if (value.type.kind === 'number') return operator('!=', value, literal(0));
  if (value.type.kind === 'list') return operator('>', call('size', [value]), literal(0));
  return term;
}
