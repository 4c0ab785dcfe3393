import { isUtf8 } from 'node:buffer';
import { XrunError } from '../../diagnostics/errors.ts';

/**
 * The text of a file.
 *
 * @param file its name in positions
 * @throws XrunError E_YAML at the first byte that is no UTF-8
 */
export function textOf(bytes: Buffer, file: string): string {
  const text = bytes.toString('utf8');
  if (isUtf8(bytes)) return text;
  const before = text.slice(0, text.indexOf('\uFFFD')).split('\n');
  const col = (before.at(-1)?.length ?? 0) + 1;
  throw new XrunError('E_YAML', 'this is not UTF-8', {
    at: { file, line: before.length, col, endCol: col + 1 },
    hint: 'Save the file as UTF-8.',
  });
}
