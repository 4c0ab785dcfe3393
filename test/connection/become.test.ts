import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { becomeShell } from '../../runner/connection/become/become.ts';
import { SILENCE } from '../../runner/connection/transports/ssh/login.ts';
import type { ChannelEnd } from '../../runner/model/transport/transport.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Becomes another user over a channel on which nothing ever comes; `lose` ends it. */
function become() {
  let lose = (_end: ChannelEnd): void => undefined;
  const end = new Promise<ChannelEnd>((resolve) => (lose = resolve));
  const channel = {
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    end,
    close: () => undefined,
  };
  const error = becomeShell(async () => channel, { method: 'sudo', user: 'root' }).catch((e: unknown) => e);
  return { lose, error };
}

it('leaves a host that falls silent meanwhile time to be noticed: it is lost, not unwilling', async () => {
  const { lose, error } = become();
  await vi.advanceTimersByTimeAsync(SILENCE);
  lose({ kind: 'lost', message: 'the connection was lost: Keepalive timeout' });
  expect(await error).toMatchObject({ code: 'E_UNREACHABLE', message: expect.stringContaining('Keepalive timeout') });
});

it('does not wait for ever for a user that cannot be become', async () => {
  const { error } = become();
  await vi.advanceTimersByTimeAsync(SILENCE + 5_000);
  expect(await error).toMatchObject({ code: 'E_BECOME', message: 'sudo to root did not answer' });
});

it('continues a sudo that has stopped itself, before it goes', async () => {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const closed: string[] = [];
  const channel = {
    stdin,
    stdout,
    stderr,
    end: new Promise<ChannelEnd>(() => undefined),
    close: () => void closed.push(String(stdin.read() ?? '')),
  };
  const shell = becomeShell(
    async (command) => {
      const [, marker = ''] = /echo "(\w+) /.exec(command) ?? [];
      stdout.write(`${marker} 0 0\n`);
      stderr.write(`${marker}\n`);
      return channel;
    },
    { method: 'sudo', user: 'root' },
  );
  (await shell).close();
  expect(closed).toEqual(['kill -CONT "$PPID"\n']);
});
