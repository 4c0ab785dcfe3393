import { moduleDocs, projectModules } from '../../api/index.ts';
import { style } from '../../reporters/text/style.ts';
import { EXIT } from '../exit-code.ts';
import type { CommonFlags } from '../options/flags.ts';
import type { Io } from '../io.ts';
import { moduleIndex, moduleText } from '../texts/module-text.ts';
import { outOf } from '../out.ts';
import { columnsOf, wantsColor } from '../terminal.ts';

/** `xrun modules`: the index; `xrun modules NAME`: one module's documentation; `--json`: either as data. */
export async function modulesCommand(
  name: string | undefined,
  flags: CommonFlags & { json?: boolean },
  io: Io,
): Promise<number> {
  const docs = await moduleDocs(name, await projectModules(io.cwd));
  const pen = style(wantsColor(io, io.stdout, flags.color));
  const text = flags.json
    ? JSON.stringify(name === undefined ? docs : docs[0], null, 2)
    : (name === undefined
        ? moduleIndex(docs, pen)
        : docs.flatMap((each) => moduleText(each, pen, columnsOf(io.stdout)))
      ).join('\n');
  outOf(io.stdout).write(`${text}\n`);
  return EXIT.ok;
}
