import type { Command } from 'commander';
import { clean, oneLine, safeJson } from '../../diagnostics/clean.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';
import { OPTIONS, keyOf, variableOf } from '../../model/options/command-options.ts';
import { style } from '../../reporters/text/style.ts';
import type { Style } from '../../reporters/text/style.ts';
import { EXIT } from '../exit-code.ts';
import type { FlagsOf, RunFlags } from '../options/flags.ts';
import type { Io } from '../io.ts';
import { settle } from '../options/settings.ts';
import type { Candidate, Setting, Settings } from '../options/settings.ts';
import { outOf } from '../out.ts';
import { wantsColor } from '../terminal.ts';

type ConfigFlags = RunFlags & FlagsOf<'json' | 'reveal'> & { explain?: boolean };

/** A value for each key of the configuration, the strongest first. */
interface Entry {
  key: string;
  candidates: Candidate[];
}

/** `xrun config`: what the options of a run are; `--explain`: and where each value comes from. */
export async function configCommand(_: string[], flags: ConfigFlags, io: Io, command: Command): Promise<number> {
  const found = await settle(command, io);
  const entries = entriesOf(found, flags.reveal ?? false);
  const pen = style(wantsColor(io, io.stdout, flags.color));
  const lines = flags.json
    ? [json(entries)]
    : [
        pen.gray(`# ${found.config ? oneLine(found.config.file) : 'no configuration was found'}`),
        ...entries.map((entry) => line(entry, flags.explain ?? false, pen)),
      ];
  outOf(io.stdout).write(lines.map((each) => `${each}\n`).join(''));
  for (const warning of strayVariables(io)) outOf(io.stderr).write(`warning: ${clean(warning)}\n`);
  return EXIT.ok;
}

function entriesOf({ config, settings }: Settings, reveal: boolean): Entry[] {
  const lists = Object.entries({ plugins: config?.plugins, roles: config?.roles })
    .filter(([, list]) => list !== undefined && list.length > 0)
    .map(([key, list]) => ({ key, candidates: [{ value: list!.map(({ text }) => text), from: config!.file }] }));
  const options = settings.filter(({ name }) => !OWN.includes(name)).map((setting) => entryOf(setting, reveal));
  return [...lists, ...options.filter(({ candidates }) => candidates.length > 0)];
}

/** Options of this command itself. */
const OWN: string[] = ['json', 'reveal', 'explain'];

/** Variables of `--extra-vars` may be secrets. */
function entryOf({ name, candidates }: Setting, reveal: boolean): Entry {
  const hidden = name === 'extra-vars' && !reveal;
  const shown = hidden
    ? candidates.map(({ value, from }) => ({ value: (value as string[]).map(masked), from }))
    : candidates;
  return { key: keyOf(name), candidates: shown };
}

function masked(text: string): string {
  return text.startsWith('@') ? text : '...';
}

function json(entries: Entry[]): string {
  return safeJson(
    JSON.stringify(Object.fromEntries(entries.map(({ key, candidates }) => [key, candidates[0]!.value])), null, 2),
  );
}

/** What stands before the comment is YAML, and can be copied into a configuration. */
function line({ key, candidates: [first, ...weaker] }: Entry, explain: boolean, pen: Style): string {
  const text = `${pen.bold(key)}: ${shown(first!.value)}`;
  if (!explain) return text;
  const instead = weaker
    .filter(({ from }) => from !== 'default')
    .map(({ value, from }) => `; instead of ${shown(value)}, ${from}`);
  return text + pen.gray(oneLine(`  # ${first!.from}${instead.join('')}`));
}

function shown(value: unknown): string {
  return oneLine(JSON.stringify(value));
}

/** Variables that look like one of an option, and are none. */
function strayVariables({ env }: Io): string[] {
  const known = [...Object.keys(OPTIONS).map(variableOf), 'XRUN_STATE_DIR'];
  return Object.keys(env)
    .filter((name) => name.startsWith('XRUN_') && !known.includes(name))
    .flatMap((name) => {
      const hint = didYouMean(name, known);
      return hint ? [`the environment variable ${name} is not one of xrun. ${hint}`] : [];
    });
}
