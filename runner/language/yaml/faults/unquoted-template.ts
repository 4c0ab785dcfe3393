import { XrunError } from '../../../diagnostics/errors.ts';
import type { SourceText } from '../source-text.ts';

/** The most frequent error of all: `name: {{ x }}`, which YAML reads as a mapping in a mapping. */
export function unquotedTemplate(source: SourceText, start: number): XrunError {
  const line = source.text.slice(start, source.lineEnd(start)).trimEnd();
  const at = source.pos(start, start + line.length);
  const hint = `Write \`"${line.replaceAll('"', "'")}"\`.`;
  return new XrunError('E_YAML', "a value that begins with '{{' must be quoted", { at, hint });
}
