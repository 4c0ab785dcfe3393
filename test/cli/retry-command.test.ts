import { expect, test } from 'vitest';
import { retryCommand } from '../../runner/cli/options/retry-command.ts';
import { processIo } from '../../runner/cli/process-io.ts';
import { program } from '../../runner/cli/program.ts';

/** The command that retries `xrun run ARGV`. */
function retried(...argv: string[]): string {
  const run = program(processIo(), '0', () => {}).commands.find((command) => command.name() === 'run')!;
  const { operands } = run.parseOptions(argv);
  return retryCommand(operands, run);
}

test.each([
  [['site.yml', '-i', 'prod.yml'], 'xrun site.yml -i prod.yml --retry-failed'],
  [['a b.yml', '-i', 'x', '--inventory=y'], "xrun 'a b.yml' -i x -i y --retry-failed"],
  [['site.yml', '-bvvD', '--no-color', '-f', '5'], 'xrun site.yml -f 5 -D -b -vv --no-color --retry-failed'],
  [['site.yml', '--tags', 'a,b', '--timeout', '2.5'], 'xrun site.yml -t a -t b --timeout 2.5 --retry-failed'],
])('%j keeps its options', (argv, command) => {
  expect(
    retried(...argv)
      .split(' ')
      .toSorted(),
  ).toEqual(command.split(' ').toSorted());
});

test('the limit, and an earlier retry, are replaced', () => {
  expect(retried('site.yml', '-l', 'web')).toBe('xrun site.yml --retry-failed');
  expect(retried('site.yml', '--retry-failed')).toBe('xrun site.yml --retry-failed');
});

test('variables of the command line may be secrets', () => {
  expect(retried('site.yml', '-e', 'token=s3cret', '-e', '@vars.yml')).toBe(
    'xrun site.yml -e ... -e @vars.yml --retry-failed',
  );
});
