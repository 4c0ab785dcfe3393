import { call } from '../target/term.ts';
import type { Term } from '../target/term.ts';
import { text } from '../types.ts';

/** A value as Ansible prints it: booleans, lists and mappings as Python writes them. */
export function printed(term: Term): Term {
  return isPlain(term) ? term : call('pyText', [term], text);
}

function isPlain(term: Term): boolean {
  const { kind, mixed } = term.type;
  if (term.kind === 'choice') return isPlain(term.then) && isPlain(term.other);
  if (term.kind === 'call' && term.name === 'default') return term.args.every(isPlain);
  return kind === 'text' || kind === 'number' || kind === 'null' || (kind === 'unknown' && !mixed);
}
