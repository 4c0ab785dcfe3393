import { XrunError } from '../../diagnostics/errors.ts';
import type { Position } from '../../diagnostics/errors.ts';
import { isOmit } from './omit.ts';
import { settled } from './unknown.ts';

/**
 * A value as it is written in text: null is nothing, lists and mappings are JSON.
 *
 * @param at the place to name in an error
 */
export function toText(value: unknown, at: () => Position | undefined): string {
  if (value === null || value === undefined) return '';
  if (isOmit(value)) throw omitInText(at());
  return typeof value === 'object' ? JSON.stringify(settled(value)) : String(value);
}

function omitInText(at: Position | undefined): XrunError {
  return new XrunError('E_TEMPLATE', "'omit' cannot be part of a text", {
    hint: '`omit` drops a whole argument: write it as the only thing of the value.',
    ...(at && { at }),
  });
}
