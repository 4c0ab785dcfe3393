import { XrunErrors } from '../../diagnostics/errors.ts';
import { inventoryData, jsonSchema, projectModules, validate } from '../../api/index.ts';
import type { Described } from '../../api/index.ts';
import { errorLines } from '../../reporters/text/error-lines.ts';
import { plural } from '../../reporters/text/words.ts';
import { oneLine, safeJson } from '../../diagnostics/clean.ts';
import { EXIT } from '../exit-code.ts';
import type { InventoryFlags } from './flags.ts';
import { annotate } from '../github.ts';
import { frames } from '../prompts/frame.ts';
import { inventoryGraph, inventoryList } from '../texts/inventory-text.ts';
import type { Io } from '../io.ts';
import { outOf } from '../out.ts';
import { lookOptions } from './run-options.ts';
import { wantsColor } from '../terminal.ts';

/** `xrun validate`: all errors at once, then how many; warnings alone are not a failure. */
export async function validateCommand(playbooks: string[], flags: InventoryFlags, io: Io): Promise<number> {
  const { errors, warnings } = await validate(await lookOptions(playbooks, flags, io));
  const color = wantsColor(io, io.stderr, flags.color);
  const options = { color, frame: frames(io.cwd, color) };
  const lines = warnings.flatMap((warning) => [...errorLines(warning, options, 'warning'), '']);
  if (errors.length > 0) lines.push(...errorLines(new XrunErrors(errors), options));
  if (lines.length > 0) outOf(io.stderr).write(`${lines.join('\n').trimEnd()}\n`);
  for (const warning of warnings) annotate(warning, io, 'warning');
  if (errors.length > 0) annotate(new XrunErrors(errors), io);
  if (errors.length > 0) return EXIT.usage;
  const counted = warnings.length > 0 ? `, ${plural(warnings.length, 'warning')}` : '';
  outOf(io.stdout).write(`${plural(playbooks.length, 'playbook')} valid${counted}\n`);
  return EXIT.ok;
}

/** `xrun inventory`: groups and hosts as a list, a tree, or the JSON that Ansible's inventory programs print. */
export async function inventoryCommand(
  flags: InventoryFlags & { graph?: boolean; json?: boolean; reveal?: boolean },
  io: Io,
): Promise<number> {
  const { playbooks: _, ...request } = await lookOptions([], flags, io);
  const data = await inventoryData({ ...request, reveal: flags.reveal ?? false });
  const text = flags.json
    ? safeJson(JSON.stringify(inventoryList(data), null, 2))
    : inventoryGraph(data, flags.graph ?? false)
        .map(oneLine)
        .join('\n');
  outOf(io.stdout).write(`${text}\n`);
  return EXIT.ok;
}

/** `xrun schema`. */
export async function schemaCommand(of: Described, _flags: object, io: Io): Promise<number> {
  const modules = of === 'playbook' ? await projectModules(io.cwd) : undefined;
  outOf(io.stdout).write(`${JSON.stringify(await jsonSchema(of, modules), null, 2)}\n`);
  return EXIT.ok;
}
