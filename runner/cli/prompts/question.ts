import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { XrunError } from '../../diagnostics/errors.ts';
import { clean } from '../../diagnostics/clean.ts';
import type { Io } from '../io.ts';
import { outOf } from '../out.ts';

/** Keeps each stream's lines: several questions may be answered by one chunk of a pipe. */
const readers = new WeakMap<object, AsyncIterator<string>>();

/**
 * Asks on stderr (stdout may be a pipe) and reads a line; `hidden` answers are not echoed.
 * @throws XrunError E_NO_ANSWER where input ends, E_INTERRUPTED at Ctrl-C.
 */
export async function question(io: Io, text: string, hidden = false): Promise<string> {
  outOf(io.stderr).write(clean(text));
  const answer = io.stdin.isTTY ? await fromTerminal(io, hidden) : await fromPipe(io);
  if (answer === undefined) throw new XrunError('E_NO_ANSWER', `no answer to '${text.trim()}': the input ended`);
  return answer;
}

function fromTerminal(io: Io, hidden: boolean): Promise<string | undefined> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: io.stdin, output: hidden ? silent : io.stderr, terminal: true });
  return new Promise((resolve, reject) => {
    let answer: string | undefined;
    terminal.once('line', (line) => {
      answer = line;
      terminal.close();
    });
    // In raw mode Ctrl-C is a key, not a signal.
    terminal.once('SIGINT', () => {
      reject(new XrunError('E_INTERRUPTED', 'interrupted'));
      terminal.close();
    });
    terminal.once('close', () => {
      if (hidden || answer === undefined) io.stderr.write('\n');
      resolve(answer);
    });
  });
}

/** The next line of an input that is no terminal; undefined at its end. */
export async function fromPipe(io: Io): Promise<string | undefined> {
  const reader = readers.get(io.stdin) ?? createInterface({ input: io.stdin })[Symbol.asyncIterator]();
  readers.set(io.stdin, reader);
  const next = await reader.next();
  return next.done ? undefined : next.value;
}
