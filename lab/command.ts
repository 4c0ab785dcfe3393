import { spawn, type ChildProcess } from 'node:child_process';
import { LabError } from './error.ts';

/** What runs now, and the signal that ends it. */
const running = new Map<ChildProcess, NodeJS.Signals>();

/** How a command is run: what it reads, what is added to its environment, and who hears its lines. */
export interface CommandOptions {
  input?: string;
  env?: Record<string, string>;
  /** Called for every line of stdout as it comes. */
  onLine?: (line: string) => void;
  /** Milliseconds after which the command is killed and counts as failed. */
  timeout?: number;
  /** The signal that ends it when the lab is interrupted (default: SIGTERM). */
  endWith?: NodeJS.Signals;
}

/** What a finished command left behind; `code` is 128 + n for a command ended by signal n. */
export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, whatever its exit code. Rejects only when it cannot be started. */
export function attempt(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [program = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...process.env, ...options.env } });
    const timer = options.timeout ? setTimeout(() => child.kill('SIGKILL'), options.timeout) : undefined;
    running.set(child, options.endWith ?? 'SIGTERM');
    const result = { code: 0, stdout: '', stderr: '' };
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      result.stdout += text;
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) options.onLine?.(line);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (result.stderr += text));
    child.on('error', (error) => {
      running.delete(child);
      reject(new LabError(`cannot run ${program}: ${error.message}`));
    });
    child.on('close', (code) => {
      running.delete(child);
      clearTimeout(timer);
      resolve({ ...result, code: code ?? 137 });
    });
    child.stdin.on('error', () => {}); // a program may end without reading its input
    child.stdin.end(options.input);
  });
}

/** Runs a program and returns its stdout. Throws LabError with the end of its stderr when it fails. */
export async function run(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await attempt(argv, options);
  if (code === 0) return stdout;
  const said = (stderr.trim() || stdout.trim()).split('\n').slice(-8).join('\n');
  throw new LabError(`${argv.join(' ')} failed (exit ${code})${said ? `:\n${said}` : ''}`);
}

/** Ends every command still running, so that an interrupted build leaves no orphan. */
export function endRunning(): void {
  for (const [child, signal] of running) child.kill(signal);
}
