import { EVENT_ID } from 'js-yaml';
import type { MappingEvent, ScalarEvent, SequenceEvent } from 'js-yaml';
import { XrunError } from '../../diagnostics/errors.ts';
import type { SourceText } from './source-text.ts';

const known = new Set([
  '!vault',
  '!vault-encrypted',
  '!unsafe',
  '!!str',
  '!!int',
  '!!float',
  '!!bool',
  '!!null',
  '!!map',
  '!!seq',
]);

/**
 * The tag of a value: `''`, `!name` or, for YAML's own, `!!name`.
 *
 * @throws XrunError E_YAML at a tag that xrun does not know
 */
export function tagOf(event: ScalarEvent | SequenceEvent | MappingEvent, source: SourceText): string {
  if (event.tagStart < 0) return '';
  const written = source.text.slice(event.tagStart, event.tagEnd);
  if (written === '!') return event.type === EVENT_ID.SCALAR ? '!!str' : '';
  const tag = written.replace(/^!<tag:yaml\.org,2002:(.*)>$/, '!!$1');
  if (known.has(tag)) return tag;
  // `when: !done`, which CEL would understand and YAML does not.
  const negation = /^![a-z_]/i.test(written) && event.type === EVENT_ID.SCALAR;
  const hint = negation
    ? `For 'not', put it in quotes: \`"${written}"\`.`
    : `Known are ${[...known].filter((name) => !name.startsWith('!!')).join(', ')} and those of YAML.`;
  throw new XrunError('E_YAML', `unknown tag ${written}`, { at: source.pos(event.tagStart, event.tagEnd), hint });
}
