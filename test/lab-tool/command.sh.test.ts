import { expect, test } from 'vitest';
import { attempt, endRunning, run } from '../../lab/command.ts';

test('a failing command is reported with what it said', async () => {
  await expect(run(['sh', '-c', 'echo out; echo no such thing >&2; exit 3'])).rejects.toThrow(
    'failed (exit 3):\nno such thing',
  );
});

test('a program that is not there is named', async () => {
  await expect(run(['no-such-program', 'x'])).rejects.toThrow('cannot run no-such-program');
});

test('output, input and exit code arrive whole', async () => {
  const result = await attempt(['sh', '-c', 'cat; echo e >&2; exit 7'], { input: 'in\n' });
  expect(result).toEqual({ code: 7, stdout: 'in\n', stderr: 'e\n' });
});

test('lines are told as they come, each once', async () => {
  const lines: string[] = [];
  await run(['sh', '-c', 'printf one; printf "\\ntwo\\n"'], { onLine: (line) => lines.push(line) });
  expect(lines).toEqual(['one', 'two']);
});

test('an interrupt ends what still runs', async () => {
  const sleeping = attempt(['sh', '-c', 'echo ready; exec sleep 1000'], { onLine: endRunning });
  expect((await sleeping).code).not.toBe(0);
});
