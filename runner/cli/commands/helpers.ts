import { helperDocs } from '../../api/index.ts';
import { safeJson } from '../../diagnostics/clean.ts';
import { style } from '../../reporters/text/style.ts';
import { EXIT } from '../exit-code.ts';
import type { CommonFlags } from '../options/flags.ts';
import type { Io } from '../io.ts';
import { outOf } from '../out.ts';
import { wantsColor } from '../terminal.ts';
import { helperIndex, helperText } from '../texts/helper-text.ts';

/** `xrun helpers`: the index; `xrun helpers NAME`: one helper's documentation; `--json`: either as data. */
export async function helpersCommand(
  name: string | undefined,
  flags: CommonFlags & { json?: boolean },
  io: Io,
): Promise<number> {
  const docs = await helperDocs(io.cwd, name);
  const pen = style(wantsColor(io, io.stdout, flags.color));
  const lines = name === undefined ? helperIndex(docs, pen) : docs.flatMap((each) => helperText(each, pen));
  const data = name === undefined ? docs : docs[0];
  const text = flags.json ? safeJson(JSON.stringify(data, null, 2)) : lines.join('\n');
  outOf(io.stdout).write(`${text}\n`);
  return EXIT.ok;
}
