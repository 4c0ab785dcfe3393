import { expect, it, onTestFinished, vi } from 'vitest';
import type { TaskContext } from '../../runner/engine/task/context.ts';
import { applyDetached } from '../../runner/engine/action/detached.ts';
import { Epoch } from '../../runner/engine/action/ahead.ts';
import type { Outcome, PutFile, PutOptions, RunOptions } from '../../runner/model/transport/host-shell.ts';
import { raw } from '../../runner/model/script.ts';
import type { Script } from '../../runner/model/script.ts';

const none = Buffer.alloc(0);
const said = (text: string): Outcome => ({ reason: 'exit', rc: 0, stdout: Buffer.from(text), stderr: none });
const still: Outcome = { reason: 'timeout', rc: null, stdout: none, stderr: none, message: 'not finished' };

/** An async task on a host that answers like this, one script after the other; what it was asked, with which deadlines. */
function job(answers: readonly Outcome[]) {
  const asked: { text: string; timeoutMs?: number }[] = [];
  const ends = [...answers];
  const run = async (script: Script, options: RunOptions) => {
    asked.push({ text: script.text, ...(options.timeoutMs && { timeoutMs: options.timeoutMs }) });
    return ends.shift() ?? still;
  };
  const put = async (file: PutFile, options: PutOptions) => {
    asked.push({
      text: `${file.path}\n${file.content.toString()}`,
      ...(options.timeoutMs && { timeoutMs: options.timeoutMs }),
    });
    return said('');
  };
  const one = { value: 1, at: { file: 'f', line: 1, col: 1 } };
  const context = {
    run: {
      epoch: new Epoch(),
      shells: { get: async () => ({ run, put }) },
      options: {},
      emit: () => undefined,
      renderer: { render: (value: unknown) => value },
    },
    task: { async: one, poll: { ...one, value: 0.01 } },
    target: { name: 'web1' },
    host: { name: 'web1' },
    env: {},
    timeoutMs: 700,
  } as unknown as TaskContext;
  return { ended: applyDetached(context, [{ do: 'run', script: raw('true') }]), asked };
}

it('starts a job within the time of its task, and asks for it with a deadline of its own', async () => {
  const { ended, asked } = job([
    said('/srv/jobs/j1\n'),
    said(''),
    still,
    said('running -1\n@@end\n'),
    said('finished 3\n@@stdout 4\nbase64\nb3V0Cg==\n@@stderr 4\nbase64\nZXJyCg==\n@@end\n'),
  ]);
  expect(await ended).toMatchObject({ result: { rc: 3, stdout: 'out', stderr: 'err' } });
  expect(asked.slice(0, 3).map((one) => one.timeoutMs)).toEqual([700, 700, 700]);
  for (const { timeoutMs } of asked.slice(3)) expect(timeoutMs).toBeGreaterThanOrEqual(1000);
  // Who asks while a state is being written sees the one before: it is renamed over it.
  expect(asked[1]?.text).toBe('/srv/jobs/j1/job\n( (eval true)\n) || exit');
  expect(asked[2]?.text).not.toContain('<<');
  expect(asked[2]?.text.match(/\w+ > state$/gm)).toEqual(['running > state']);
});

it('ends where the host is there and tells nothing of the job until it must have ended', async () => {
  let now = 0;
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => (now += 1000));
  onTestFinished(() => clock.mockRestore());
  const { ended } = job([said('/srv/jobs/j1\n'), said('')]);
  await expect(ended).rejects.toMatchObject({
    code: 'E_TIMEOUT',
    message: expect.stringContaining('can no longer be asked for'),
  });
});

it('says that a job cannot be read, where its host reports only a part of it', async () => {
  const { ended } = job([
    said('/srv/jobs/j1\n'),
    said(''),
    said('finished 0\n@@stdout 300\nbase64\nb3V0Cg==\n@@end\n'),
  ]);
  await expect(ended).rejects.toMatchObject({
    code: 'E_ASYNC',
    message: expect.stringContaining('has 300 bytes, and 4 arrived'),
  });
});
