import { Option } from 'commander';
import type { Command } from 'commander';
import { definitionOf } from '../../model/options/command-options.ts';
import type { OptionDefinition, OptionName } from '../../model/options/command-options.ts';
import { append, commas, count, positive, whole } from './option-values.ts';

/**
 * Gives a command these options.
 *
 * @param summaries what the command says of an option, where that differs from what others say
 */
export function addOptions(
  command: Command,
  names: readonly OptionName[],
  summaries: Partial<Record<OptionName, string>> = {},
): Command {
  for (const name of names) {
    const definition: OptionDefinition = {
      ...definitionOf(name),
      ...(summaries[name] && { summary: summaries[name] }),
    };
    command.addOption(optionOf(name, definition));
    // The configuration may turn a switch on: this turns it off again.
    if (isSwitch(definition)) command.addOption(new Option(`--no-${name}`).hideHelp());
  }
  return command;
}

function isSwitch({ value, of, negated }: OptionDefinition): boolean {
  return value === undefined && of === undefined && !negated;
}

function optionOf(name: OptionName, definition: OptionDefinition): Option {
  const { short, value, summary, negated, choices, conflicts } = definition;
  const flags = `${short ? `-${short}, ` : ''}--${negated ? 'no-' : ''}${name}${value ? ` <${value}>` : ''}`;
  const option = new Option(flags, summary);
  if (choices) option.choices(choices);
  if (conflicts) option.conflicts(conflicts);
  return withValues(option, definition);
}

function withValues(option: Option, { of, many, preset = '' }: OptionDefinition): Option {
  if (of === 'count') return option.argParser(count).default(0, 'quiet');
  if (of === 'whole') return option.argParser(whole);
  if (of === 'number') return option.argParser(positive);
  if (many) return option.argParser(many === 'commas' ? commas : append).default([], preset);
  return option;
}
