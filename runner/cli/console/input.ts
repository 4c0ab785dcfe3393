import { XrunError } from '../../diagnostics/errors.ts';
import type { AdHocModule } from '../../api/index.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';

/** What a line of the console asks for. */
export type Wish =
  | { do: 'nothing' | 'leave' | 'hosts' }
  | { do: 'help'; name?: string }
  | { do: 'pattern'; pattern: string }
  | { do: 'switch'; name: Switch; on: boolean | undefined }
  | { do: 'command'; command: string[] }
  | { do: 'module'; module: AdHocModule };

/** What the prompt shows, and `NAME on`, `NAME off` and `NAME` change. */
export const SWITCHES = ['check', 'diff', 'become'] as const;
export type Switch = (typeof SWITCHES)[number];

/** The console's own words. Modules with such a name are called by their other one, or with a dot: `ansible.builtin.NAME`. */
export const WORDS: Record<string, string> = {
  'cd PATTERN': 'choose the hosts',
  hosts: 'list them',
  'check [on|off]': 'change nothing; say what would change',
  'diff [on|off]': 'show what changes, before and after',
  'become [on|off]': 'act as another user (root)',
  '! COMMAND': 'run shell text',
  'MODULE ARGS': 'run a module: copy dest=/etc/motd content=hello',
  'help [MODULE]': 'these words, or how a module is called',
  exit: 'leave, as the end of the input does',
};

/** The first words of {@link WORDS} that are written as they are. */
export const OWN_WORDS = Object.keys(WORDS)
  .map((usage) => usage.split(' ')[0]!)
  .filter((word) => /^[a-z]+$/.test(word));

/**
 * Reads a line.
 *
 * @param modules names of modules
 * @throws XrunError E_CONSOLE for what is neither a word of the console nor a module
 */
export function wishOf(line: string, modules: readonly string[]): Wish {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return { do: 'nothing' };
  if (text.startsWith('!')) return commandOf(text.slice(1).trim());
  const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(text) ?? [];
  if (word === 'exit' || word === 'quit') return { do: 'leave' };
  if (word === 'hosts') return { do: 'hosts' };
  if (word === 'help' || word === '?') return { do: 'help', ...(rest !== '' && { name: rest }) };
  if (word === 'cd') return { do: 'pattern', pattern: rest || 'all' };
  if (isSwitch(word)) return { do: 'switch', name: word, on: onOrOff(word, rest) };
  if (modules.includes(word)) return { do: 'module', module: { name: word, args: rest } };
  const hint = didYouMean(word, [...modules, ...OWN_WORDS]);
  throw new XrunError('E_CONSOLE', `there is no module '${word}'`, {
    hint: `${hint ? `${hint} ` : ''}Commands begin with an exclamation mark: \`! ${text}\`. \`help\` lists what can be said.`,
  });
}

function commandOf(text: string): Wish {
  if (text !== '') return { do: 'command', command: [text] };
  throw new XrunError('E_CONSOLE', 'there is no command after the exclamation mark', { hint: 'Write `! uptime`.' });
}

function isSwitch(word: string): word is Switch {
  return (SWITCHES as readonly string[]).includes(word);
}

/** Undefined: the other one than now. */
function onOrOff(word: Switch, rest: string): boolean | undefined {
  if (rest === '') return undefined;
  if (rest === 'on' || rest === 'off') return rest === 'on';
  throw new XrunError('E_CONSOLE', `${word}: expected on or off, found '${rest}'`);
}
