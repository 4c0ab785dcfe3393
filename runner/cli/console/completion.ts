import type { ModuleDocs } from '../../api/index.ts';
import { OWN_WORDS, SWITCHES } from './input.ts';

/** What can be completed. */
export interface Known {
  modules: readonly Pick<ModuleDocs, 'name' | 'aliases' | 'arguments'>[];
  /** Hosts and groups. */
  targets: readonly string[];
}

/** What may stand where a line ends, and the part of the line that it replaces: as readline's completers return them. */
export function completions(line: string, known: Known): [string[], string] {
  const [, before = '', part = ''] = /^(.*?)([^\s,:]*)$/s.exec(line) ?? [];
  const [word = ''] = before.trim().split(/\s+/);
  return [candidates(word, known).filter((each) => each.startsWith(part)), part];
}

function candidates(word: string, { modules, targets }: Known): string[] {
  const names = modules.flatMap(({ name, aliases }) => [name, ...aliases]);
  if (word === '') return [...OWN_WORDS, ...names].map((each) => `${each} `);
  if (word === 'cd') return [...targets];
  if (word === 'help') return names;
  if ((SWITCHES as readonly string[]).includes(word)) return ['on', 'off'];
  const module = modules.find(({ name, aliases }) => name === word || aliases.includes(word));
  return module ? module.arguments.filter(({ name }) => !name.includes('.')).map(({ name }) => `${name}=`) : [];
}
