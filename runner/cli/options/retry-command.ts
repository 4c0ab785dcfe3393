import type { Command } from 'commander';
import { quote } from '../../model/script.ts';

/** Options that a retry does not repeat: it has its own hosts. */
const REPLACED = ['limit', 'retryFailed'];

/**
 * The command that runs the same again on the hosts that failed: options are those of the command line. Variables that
 * were given on it may be secrets, and are shown as `...`.
 */
export function retryCommand(playbooks: readonly string[], command: Command): string {
  const words = command.options.flatMap((option) => {
    const name = option.attributeName();
    if (REPLACED.includes(name) || command.getOptionValueSource(name) !== 'cli') return [];
    const value: unknown = command.getOptionValue(name);
    // A switch and its --no- are two options with one value.
    if (value === option.negate) return [];
    return wordsOf(option.short ?? option.long ?? '', value, name === 'extraVars');
  });
  return ['xrun', ...playbooks.map(quote), ...words, '--retry-failed'].join(' ');
}

function wordsOf(flag: string, value: unknown, hidden: boolean): string[] {
  if (typeof value === 'boolean') return [flag];
  if (flag === '-v') return [`-${'v'.repeat(Number(value))}`];
  const texts = Array.isArray(value) ? value.map(String) : [String(value)];
  return texts.flatMap((text) => [flag, hidden && !text.startsWith('@') ? '...' : quote(text)]);
}
