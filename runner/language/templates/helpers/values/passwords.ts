import { randomInt } from 'node:crypto';
import { BadArgument } from '../helper.ts';
import type { Call, Helper } from '../helper.ts';
import { helper } from '../table.ts';
import { text } from '../take.ts';

/** Sets of characters by the names that Python's `string` has for them. */
const sets: Readonly<Record<string, string>> = {
  ascii_lowercase: 'abcdefghijklmnopqrstuvwxyz',
  ascii_uppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  ascii_letters: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
  digits: '0123456789',
  hexdigits: '0123456789abcdefABCDEF',
  octdigits: '01234567',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
};

/** As Ansible's lookup `password` has it, the arguments behind the path too: `PATH length=20 chars=digits`. */
export const password: Helper = helper(
  'password path',
  'The password in a file of the controller, which is made, for its owner alone, where it is not there; of `/dev/null` another one each time.',
  ['{{password "/dev/null length=0"}}', ''],
  (args, call) => kept(text(args), call),
  {
    named: {
      length: 'the number of characters of one that is made; 20 where not given',
      chars: 'sets of characters, as in Python, or characters; a list, or one text with commas',
    },
  },
);

function kept(term: string, call: Call): string {
  const [, path = '', options = ''] = /^(.*?)((?:\s+\w+=\S*)*)$/s.exec(term.trim()) ?? [];
  const given: Record<string, unknown> = {
    ...Object.fromEntries([...options.matchAll(/(\w+)=(\S*)/g)].map(([, name = '', value]) => [name, value])),
    ...call.named,
  };
  const unknown = Object.keys(given).find((name) => name !== 'length' && name !== 'chars');
  if (unknown !== undefined) throw new BadArgument(`takes length and chars, found '${unknown}'`);
  const length = Number(given.length ?? 20);
  if (!Number.isInteger(length) || length < 0) throw new BadArgument('expects a whole number as length');
  const make = (): string => made(length, charactersOf(given.chars));
  const line = path === '/dev/null' ? make() : call.keepFile(path, () => `${make()}\n`);
  return line.replace(/\n$/, '').replace(/ salt=\S*$/, '');
}

function made(length: number, characters: string): string {
  return Array.from({ length }, () => characters[randomInt(characters.length)]).join('');
}

function charactersOf(given: unknown): string {
  const names = Array.isArray(given) ? given : String(given ?? 'ascii_letters,digits,.,:,-,_').split(',');
  const characters = names
    .map((name) => (Object.hasOwn(sets, String(name)) ? sets[String(name)]! : String(name)))
    .join('');
  if (characters === '') throw new BadArgument('expects characters as chars');
  return characters;
}
