import type { YAMLException } from 'js-yaml';
import { XrunError } from '../errors.ts';
import type { SourceText } from './source-text.ts';

/** The parser's complaint in words that say what to mend, at the place to mend. */
export function syntaxError(cause: YAMLException, source: SourceText): XrunError {
  const offset = cause.mark?.position ?? 0;
  if (cause.reason.startsWith('nesting exceeded')) {
    return new XrunError('E_LIMIT', 'lists and mappings are nested too deeply', { at: source.pos(offset) });
  }
  return new XrunError('E_YAML', cause.reason, { at: source.pos(Math.min(offset, source.text.length)) });
}
