import { expect, it } from 'vitest';
import { XrunError } from '../../runner/diagnostics/errors.ts';
import { apply } from '../../runner/engine/action/apply.ts';
import type { TaskContext } from '../../runner/engine/task/context.ts';
import { Epoch } from '../../runner/engine/action/ahead.ts';
import type { Outcome } from '../../runner/model/transport/host-shell.ts';
import { raw } from '../../runner/model/script.ts';

const none = Buffer.alloc(0);
const done: Outcome = { reason: 'exit', rc: 0, stdout: none, stderr: none };
const away: Outcome = {
  reason: 'unreachable',
  rc: null,
  stdout: none,
  stderr: none,
  error: new XrunError('E_UNREACHABLE', 'web1 port 22: connection refused'),
};

/** Steps whose scripts end like this, one by one. */
function applied(outcomes: readonly Outcome[]) {
  const ends = [...outcomes];
  const shells = { get: async () => ({ run: async () => ends.shift() }) };
  const context = {
    run: { epoch: new Epoch(), shells, options: {} },
    target: { name: 'web1' },
    env: {},
  } as unknown as TaskContext;
  return apply(
    context,
    outcomes.map(() => ({ do: 'run', script: raw('true') })),
  );
}

it('tells a host that is away before the first step as one where nothing was done', async () => {
  await expect(applied([away])).rejects.toMatchObject({ code: 'E_UNREACHABLE' });
});

it('tells one that is away after it as one that was lost', async () => {
  await expect(applied([done, away])).rejects.toMatchObject({
    code: 'E_LOST',
    message: expect.stringContaining('connection refused'),
    hint: expect.stringContaining('may or may not'),
  });
});
