import { SourceText } from '../../language/yaml/source-text.ts';
import { Edits } from '../edit/edits.ts';
import type { Remark } from '../edit/file-edit.ts';
import type { TextFile } from '../project/project.ts';
import type { Translator } from '../yaml/translator.ts';

/** Moves the `{{ }}` of an inventory in INI over. */
export function convertInventory(
  { name, text }: TextFile,
  words: Translator,
): { text: string; total: number; remarks: Remark[] } {
  const source = new SourceText(name, text);
  const edits = new Edits(text);
  const remarks: Remark[] = [];
  let total = 0;
  for (const match of text.matchAll(/\{\{.*?\}\}/g)) {
    const translation = words.text(match[0]);
    const end = match.index + match[0].length;
    total += translation.total;
    for (const { code, message } of translation.problems)
      remarks.push({ code, message, at: source.pos(match.index, end), line: source.lineStart(match.index) });
    if (translation.problems.length === 0) edits.add({ start: match.index, end, text: translation.text });
  }
  return { text: edits.apply(), total, remarks };
}
