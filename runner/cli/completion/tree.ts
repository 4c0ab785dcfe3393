import { RootCommand } from '@bomb.sh/tab';
import type { Command as Described, Completion } from '@bomb.sh/tab';
import type { Argument, Command, Option } from 'commander';

/** Values that options and arguments can have, by `COMMAND NAME` or `NAME`. */
export type Values = Readonly<Record<string, readonly string[]>>;

/** What may stand at the end of a command line. */
export interface Candidates {
  found: Completion[];
  /** Nothing of xrun's own fits: it may be a file. */
  file: boolean;
}

/**
 * What may stand in the place of the last word.
 *
 * @param root the whole command line
 * @param words those after `xrun`; the last may be empty
 */
export function candidatesOf(root: Command, words: readonly string[], values: Values): Candidates {
  const tree = describe(root, values);
  let found: Completion[] = [];
  // The library prints what it finds in this method.
  Object.assign(tree, {
    complete(part: string) {
      const value = part.replace(/^--[^=]*=/, '');
      // A command with others below it is there once for each of them.
      const all = new Map(tree.completions.map((each) => [each.value, each]));
      found = [...all.values()].filter((each) => each.value.startsWith(value));
    },
  });
  tree.parse([...words]);
  return { found, file: found.length === 0 && !(words.at(-1) ?? '').startsWith('-') };
}

function describe(root: Command, values: Values): RootCommand {
  const tree = new RootCommand();
  const usual = root.commands.find((each) => each.name() === 'run');
  // `xrun PLAYBOOK` is `xrun run PLAYBOOK`.
  for (const command of [root, ...(usual ? [usual] : [])]) addOptions(tree, command, values);
  const below = (command: Command, path: string[]): void => {
    for (const sub of command.createHelp().visibleCommands(command)) {
      const name = [...path, sub.name()];
      const described = tree.command(name.join(' '), sub.description());
      addOptions(described, sub, values);
      for (const argument of sub.registeredArguments) addArgument(described, sub, argument, values);
      below(sub, name);
    }
  };
  below(root, []);
  return tree;
}

function addOptions(to: Described, command: Command, values: Values): void {
  for (const option of command.createHelp().visibleOptions(command)) {
    const name = option.long?.slice(2) ?? '';
    const short = option.short?.slice(1);
    if (takesValue(option)) to.option(name, option.description, offer(option.argChoices ?? values[name] ?? []), short);
    else to.option(name, option.description, short);
  }
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}

function addArgument(to: Described, command: Command, argument: Argument, values: Values): void {
  const known = argument.argChoices ?? values[`${command.name()} ${argument.name()}`] ?? [];
  to.argument(argument.name(), offer(known), argument.variadic);
}

function offer(known: readonly string[]) {
  return (complete: (value: string, description: string) => void) => {
    for (const value of known) complete(value, '');
  };
}
