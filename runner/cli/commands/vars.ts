import { formatPosition } from '../../diagnostics/errors.ts';
import { explainVars } from '../../api/index.ts';
import type { ExplainedVar } from '../../api/index.ts';
import { style } from '../../reporters/text/style.ts';
import type { Style } from '../../reporters/text/style.ts';
import { oneLine, safeJson } from '../../diagnostics/clean.ts';
import { EXIT } from '../exit-code.ts';
import type { InventoryFlags } from '../options/flags.ts';
import type { Io } from '../io.ts';
import { outOf } from '../out.ts';
import { lookOptions } from '../options/run-options.ts';
import { wantsColor } from '../terminal.ts';

type VarsFlags = InventoryFlags & { explain?: string; json?: boolean; reveal?: boolean };

/** `xrun vars HOST`: each variable with its value and where it is set; `--explain NAME`: every candidate. Secrets are masked. */
export async function varsCommand(host: string, flags: VarsFlags, io: Io): Promise<number> {
  const found = await explainVars(
    host,
    { ...(await lookOptions([], flags, io)), reveal: flags.reveal ?? false },
    flags.explain,
  );
  const pen = style(wantsColor(io, io.stdout, flags.color));
  const lines = flags.json
    ? [json(found)]
    : found.flatMap((each) => (flags.explain ? candidateLines(each, pen) : [valueLine(each, pen)]));
  outOf(io.stdout).write(lines.map((line) => `${line}\n`).join(''));
  return EXIT.ok;
}

function json(found: ExplainedVar[]): string {
  return safeJson(JSON.stringify(Object.fromEntries(found.map(({ name, value }) => [name, value])), null, 2));
}

function valueLine({ name, candidates, value, problem }: ExplainedVar, pen: Style): string {
  const winner = candidates.at(-1);
  return `${pen.bold(oneLine(name))}: ${problem === undefined ? shown(value) : pen.red(`(${oneLine(problem)})`)}${winner ? pen.gray(`  # ${placeOf(winner)}`) : ''}`;
}

/** Strongest first: the first line is the one that counts. */
function candidateLines({ name, candidates, value, problem }: ExplainedVar, pen: Style): string[] {
  const rows = candidates.toReversed().map((candidate, i) => {
    const line = `${candidate.layer}: ${shown(candidate.value)}  ${placeOf(candidate)}`;
    return i === 0 ? `${pen.green('* ')}${line}` : pen.gray(`  ${line}`);
  });
  return [
    `${pen.bold(oneLine(name))} = ${problem === undefined ? shown(value) : pen.red(`(${oneLine(problem)})`)}`,
    ...rows,
  ];
}

function placeOf({ origin, at }: ExplainedVar['candidates'][number]): string {
  return oneLine(at ? `${origin}, ${formatPosition(at)}` : origin);
}

function shown(value: unknown): string {
  return oneLine(JSON.stringify(value) ?? String(value));
}
