import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Io } from '../io.ts';
import { fromPipe } from '../prompts/question.ts';

const LONGEST_HISTORY = 1000;

/** Where the lines of the console come from. */
export interface Lines {
  /** The next; undefined at the end of the input, and at Ctrl-C on an empty line. */
  next(prompt: string): Promise<string | undefined>;
}

/** A terminal, with a history and completion; or any other input, without a prompt. */
export function linesOf(io: Io, complete: (line: string) => [string[], string]): Lines {
  if (!io.stdin.isTTY) return { next: () => fromPipe(io) };
  const file = path.join(io.env.XDG_STATE_HOME || path.join(homedir(), '.local/state'), 'xrun/console_history');
  let history = readHistory(file);
  return {
    async next(prompt) {
      const line = await typed(io, prompt, history, complete);
      // As in many shells: a line that begins with a space, which may have a secret, is not kept.
      if (line !== undefined && line.trim() !== '' && !line.startsWith(' ')) {
        history = [line, ...history.filter((each) => each !== line)].slice(0, LONGEST_HISTORY);
        writeHistory(file, history);
      }
      return line;
    },
  };
}

/** An interface a line: while something runs, Ctrl-C must be a signal again. */
function typed(
  io: Io,
  prompt: string,
  history: readonly string[],
  completer: (line: string) => [string[], string],
): Promise<string | undefined> {
  const terminal = createInterface({
    input: io.stdin,
    output: io.stdout,
    terminal: true,
    history: [...history],
    historySize: LONGEST_HISTORY,
    completer,
  });
  return new Promise((resolve) => {
    let answer: string | undefined;
    terminal.setPrompt(prompt);
    terminal.once('line', (line) => {
      answer = line;
      terminal.close();
    });
    terminal.on('SIGINT', () => {
      if (terminal.line === '') return terminal.close();
      io.stdout.write('^C\n');
      answer = '';
      terminal.close();
    });
    terminal.once('close', () => {
      if (answer === undefined) io.stdout.write('\n');
      resolve(answer);
    });
    terminal.prompt();
  });
}

/** Newest first, as readline keeps it. */
function readHistory(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean).toReversed();
  } catch {
    return [];
  }
}

/** A history that cannot be kept is no reason to stop. */
function writeHistory(file: string, history: readonly string[]): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${history.toReversed().join('\n')}\n`, { mode: 0o600 });
  } catch {
    return;
  }
}
