import { InvalidArgumentError } from 'commander';
import type { Command, Option } from 'commander';
import { XrunError, formatPosition } from '../../diagnostics/errors.ts';
import { projectConfig } from '../../api/index.ts';
import type { Config } from '../../api/index.ts';
import { OPTIONS, definitionOf, variableOf } from '../../model/options/command-options.ts';
import type { OptionName } from '../../model/options/command-options.ts';
import type { Io } from '../io.ts';

/** A value that an option could have, and where it comes from. */
export interface Candidate {
  value: unknown;
  /** `command line`, the name of a variable, the place in a configuration, or `default`. */
  from: string;
}

/** An option with its candidates, the strongest first. */
export interface Setting {
  name: OptionName;
  candidates: Candidate[];
}

/** What the options of a command are. */
export interface Settings {
  config: Config | undefined;
  settings: Setting[];
}

/**
 * Gives options that are not on the command line the value of the environment, or else of the configuration.
 *
 * @param command it has parsed the command line
 * @throws XrunError and XrunErrors E_CONFIG for what the environment or the configuration say
 */
export async function settle(command: Command, io: Io): Promise<Settings> {
  const options = command.options.filter((option) => nameOf(option) !== undefined);
  if (options.length === 0) return { config: undefined, settings: [] };
  const config = await projectConfig({ playbooks: playbooksOf(command), cwd: io.cwd });
  const settings = options.map((option) => settingOf(command, option, io, config));
  for (const { name, candidates } of settings) {
    const other = settings.find((each) => each.name === definitionOf(name).conflicts);
    if (other) giveWay({ name, candidates }, other);
  }
  for (const [i, { candidates }] of settings.entries()) {
    const [strongest] = candidates;
    if (strongest && strongest.from !== COMMAND_LINE && strongest.from !== DEFAULT)
      command.setOptionValueWithSource(options[i]!.attributeName(), strongest.value, 'config');
  }
  return { config, settings };
}

const COMMAND_LINE = 'command line';
const DEFAULT = 'default';

/** The option's name in the table; undefined for `--no-NAME` of a switch, which has no value of its own. */
function nameOf({ long, negate }: Option): OptionName | undefined {
  const name = long?.replace(/^--(no-)?/, '') ?? '';
  if (!Object.hasOwn(OPTIONS, name)) return undefined;
  return negate === (definitionOf(name as OptionName).negated ?? false) ? (name as OptionName) : undefined;
}

function playbooksOf(command: Command): string[] {
  const [first] = command.registeredArguments;
  return first?.name() === 'playbook' ? ((command.processedArgs[0] ?? []) as string[]) : [];
}

function settingOf(command: Command, option: Option, io: Io, config: Config | undefined): Setting {
  const name = nameOf(option)!;
  const attribute = option.attributeName();
  const given = command.getOptionValueSource(attribute) === 'cli';
  const text = io.env[variableOf(name)];
  const configured = config?.options.get(name);
  const preset: unknown = option.negate ? true : option.defaultValue;
  return {
    name,
    candidates: [
      ...(given ? [{ value: command.getOptionValue(attribute) as unknown, from: COMMAND_LINE }] : []),
      // Templates of CI jobs give variables that nobody has set, as empty ones.
      ...(text ? [{ value: fromVariable(option, text), from: variableOf(name) }] : []),
      ...(configured ? [{ value: configured.value, from: formatPosition(configured.at) }] : []),
      ...(preset === undefined ? [] : [{ value: preset, from: DEFAULT }]),
    ],
  };
}

/** Of two options that exclude each other the one from the stronger source counts. */
function giveWay(one: Setting, other: Setting): void {
  const ranks = [one, other].map(({ candidates: [first] }) => rankOf(first));
  if (ranks.includes(0)) return;
  if (ranks[0] === ranks[1])
    throw new XrunError('E_CONFIG', `--${one.name} and --${other.name} exclude each other`, {
      hint: `They are set by ${one.candidates[0]!.from} and by ${other.candidates[0]!.from}: remove one.`,
    });
  const weaker = ranks[0]! < ranks[1]! ? one : other;
  weaker.candidates = weaker.candidates.filter(({ from }) => from === DEFAULT);
}

function rankOf(candidate: Candidate | undefined): number {
  if (candidate === undefined || candidate.from === DEFAULT || candidate.value === false) return 0;
  if (candidate.from === COMMAND_LINE) return 3;
  return candidate.from.startsWith('XRUN_') ? 2 : 1;
}

/** A list has one value a line. */
function fromVariable(option: Option, text: string): unknown {
  const name = nameOf(option)!;
  const { value, of, many } = definitionOf(name);
  if (value === undefined && of === undefined) return yesOrNo(name, text);
  if (of === 'count') return count(name, text);
  if (!option.parseArg) return text;
  try {
    const lines = many ? text.split('\n').filter((line) => line.trim() !== '') : [text];
    return lines.reduce<unknown>((before, line) => option.parseArg!(line, before), many ? [] : undefined);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw wrong(name, text, error.message);
  }
}

function yesOrNo(name: OptionName, text: string): boolean {
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  if (/^(0|false|no|off)$/i.test(text)) return false;
  throw wrong(name, text, 'It must be true or false.');
}

function count(name: OptionName, text: string): number {
  if (/^\d$/.test(text)) return Number(text);
  throw wrong(name, text, 'It must be a number from 0 to 9.');
}

function wrong(name: OptionName, text: string, hint: string): XrunError {
  return new XrunError('E_CONFIG', `the environment variable ${variableOf(name)} has the value '${text}'`, { hint });
}
