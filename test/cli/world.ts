import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { cli } from '../../runner/cli/main.ts';
import type { Io } from '../../runner/cli/main.ts';

/** How a command ended. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** What a test gives to a command besides its arguments. */
export interface Given {
  stdin?: string;
  env?: Record<string, string | undefined>;
  stdout?: Writable;
  /** Called with a function that sends Ctrl-C (or, with `end`, SIGTERM). */
  interrupt?: (send: (how?: 'ask' | 'end') => void) => void;
}

/** A folder with files in which commands run, in this process, with streams of their own. */
export interface World {
  dir: string;
  xrun(argv: string[], given?: Given): Promise<Ended>;
}

/** Made for one test and removed after it. */
export function world(files: Record<string, string> = {}): World {
  const dir = mkdtempSync(path.join(tmpdir(), 'xrun-cli-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), text);
  }
  return { dir, xrun: (argv, given = {}) => call(dir, argv, given) };
}

async function call(dir: string, argv: string[], given: Given): Promise<Ended> {
  const out = sink();
  const err = sink();
  const stdin = new PassThrough();
  stdin.end(given.stdin ?? '');
  const listeners = new Set<(how: 'ask' | 'end') => void>();
  const io: Io = {
    stdin,
    stdout: given.stdout ?? out.stream,
    stderr: err.stream,
    env: { PATH: process.env.PATH, HOME: dir, ...given.env },
    cwd: dir,
    onInterrupt(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  given.interrupt?.((how = 'ask') => {
    for (const listener of listeners) listener(how);
  });
  const code = await cli(argv, io, '1.2.3');
  if (listeners.size > 0) throw new Error('a command still listens for Ctrl-C');
  return { code, stdout: out.text(), stderr: err.text() };
}

function sink(): { stream: Writable; text(): string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString() };
}

/** Two hosts that are this machine: real tasks without a network. */
export const localHosts = `
all:
  vars: {xrun_connection: local, colour: green}
  hosts: {h1: {n: 1}, h2: {}}
  children: {web: {hosts: {h1: {}}}}
`;
