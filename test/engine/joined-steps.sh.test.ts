import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { joined } from '../../runner/engine/action/apply.ts';
import type { Step } from '../../runner/model/module.ts';
import { raw } from '../../runner/model/script.ts';

const plain = (text: string): Step => ({ do: 'run', script: raw(text) });
/** What the shell prints for steps that have become one, and its exit status. */
const run = (...texts: string[]) => {
  const [one, ...more] = joined(texts.map(plain));
  expect(more).toEqual([]);
  try {
    return `${execFileSync('sh', ['-c', one?.do === 'run' ? one.script.text : ''], { encoding: 'utf8' })}0`;
  } catch (error) {
    const { stdout, status } = error as { stdout: string; status: number };
    return `${stdout}${status}`;
  }
};

describe('plain steps that follow each other', () => {
  test('are done in order', () => expect(run('echo 1', 'echo 2', 'echo 3')).toBe('1\n2\n3\n0'));
  test('end with the one that fails', () => expect(run('echo 1', 'exit 7', 'echo 3')).toBe('1\n7'));
  test('have shells of their own', () => expect(run('x=1; cd /; exit 0', 'echo "[$x]"')).toBe('[]\n0'));
  test('may end in a here-document', () => expect(run('cat <<E\na\nE', 'echo b')).toBe('a\nb\n0'));
  test('the last may fail', () => expect(run('echo 1', 'false')).toBe('1\n1'));
});

test('others stay as they are, and in their places', () => {
  const theirs: Step = { do: 'run', script: raw('date'), theirs: true };
  const put: Step = { do: 'put', file: { path: '/x', content: Buffer.from('x') } };
  const steps = joined([plain('a'), theirs, plain('b'), plain('c'), put, plain('d')]);
  expect(steps.map((step) => (step.do === 'run' ? step.script.text : step.do))).toEqual([
    'a',
    'date',
    '(\nb\n) || exit\n(\nc\n)',
    'put',
    'd',
  ]);
  expect(joined([])).toEqual([]);
});
