import type { Command } from 'commander';
import { helperDocs, projectModules } from '../../api/index.ts';
import { XrunError } from '../../diagnostics/errors.ts';
import { oneLine } from '../../diagnostics/clean.ts';
import { completionScript } from '../completion/script.ts';
import type { Shell } from '../completion/script.ts';
import { candidatesOf } from '../completion/tree.ts';
import type { Values } from '../completion/tree.ts';
import { EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { outOf } from '../out.ts';

/** `xrun completion SHELL`: the program that the shell reads. */
export async function completionCommand(shell: Shell, _flags: object, io: Io): Promise<number> {
  outOf(io.stdout).write(completionScript(shell));
  return EXIT.ok;
}

/** Lets the shell complete files where nothing was found, or else not. */
const FILES = ':0';
const NO_FILES = ':4';

/** `xrun complete -- WORDS`: what those programs ask for; a line for each candidate, and how to go on. */
export async function completeCommand(words: string[], _flags: object, io: Io, command: Command): Promise<number> {
  const { found, file } = candidatesOf(command.parent!, words, await valuesFor(words, io.cwd));
  const lines = found.map(({ value, description = '' }) => `${oneLine(value)}\t${oneLine(description)}`);
  outOf(io.stdout).write(`${[...lines, file ? FILES : NO_FILES].join('\n')}\n`);
  return EXIT.ok;
}

/** Reading all modules takes time: only where one may be meant. */
async function valuesFor(words: readonly string[], cwd: string): Promise<Values> {
  const [command] = words;
  const modules = command === 'modules' || words.includes('-m') || words.includes('--module');
  try {
    if (modules) {
      const { names } = await projectModules(cwd);
      return { module: names, 'modules name': names };
    }
    if (command === 'helpers') return { 'helpers name': (await helperDocs(cwd)).map(({ name }) => name) };
  } catch (error) {
    // A project with an error has fewer candidates; commands that need it report it.
    if (!(error instanceof XrunError)) throw error;
  }
  return {};
}
