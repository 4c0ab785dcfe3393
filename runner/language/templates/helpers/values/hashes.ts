import { createHash, randomBytes } from 'node:crypto';
import { encrypt } from 'unixcrypt';
import { BadArgument } from '../helper.ts';
import type { HelperGroup } from '../helper.ts';
import { pythonRandom } from './python-random.ts';
import { helper } from '../table.ts';
import { password } from './passwords.ts';
import { integer, list, text } from '../take.ts';

/** The namespace of Ansible's to_uuid. */
const ANSIBLE_UUID = '361E6D51-FAEC-444A-9079-341386DA8E2E';
const seeded = { seed: 'the same seed gives the same answer, that of Python' };

/** Checksums, passwords, and what looks like chance. */
export const hashes: HelperGroup = {
  title: 'Checksums and chance',
  helpers: [
    helper(
      'md5 text',
      'MD5 of the text, in hexadecimal digits.',
      ['{{md5 "a"}}', '0cc175b9c0f1b6a831c399e269772661'],
      (args) => digest('md5', text(args)),
    ),
    helper('sha1 text', 'SHA-1 of the text.', ['{{sha1 "a"}}', '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'], (args) =>
      digest('sha1', text(args)),
    ),
    helper(
      'hash text algorithm?',
      'SHA-1 of the text, or what the algorithm gives.',
      ['{{hash "a" "md5"}}', '0cc175b9c0f1b6a831c399e269772661'],
      (args) => digest(args.length > 1 ? text(args, 1) : 'sha1', text(args)),
    ),
    helper(
      'passwordHash text scheme? salt?',
      'A password as /etc/shadow has it: sha512 or sha256. Without a salt it differs each time, and the task always changes.',
      ['{{passwordHash "a" "sha256" "12345678"}}', '$5$12345678$mZSqbuKnb0ToUaq2ai6ViKxN0uGvRhrf0dDcIOiANf3'],
      (args, { named }) =>
        passwordHash(
          text(args),
          args.length > 1 && args[1] !== null ? text(args, 1) : 'sha512',
          args[2] ?? named.salt,
          named.rounds,
        ),
      { named: { salt: 'the salt', rounds: 'how often it is hashed' } },
    ),
    password,
    helper(
      'toUuid text namespace?',
      'The UUID that the text has in a namespace, which is that of Ansible where not given.',
      ['{{toUuid "a"}}', '9b6d1a0c-51b1-5093-93fc-cf09a700edff'],
      (args) => uuid5(text(args), args.length > 1 ? text(args, 1) : ANSIBLE_UUID),
    ),
    helper(
      'random value start? step?',
      'An item of a list, or a whole number below the value.',
      ['{{random 60 seed="web1"}}', 52],
      (args, { named }) => random(args, named),
      { named: { ...seeded, start: 'the least number', step: 'from one possible number to the next' } },
    ),
    helper(
      'shuffle list',
      'Its items in another order.',
      ['{{shuffle ids seed="a"}}', [], { ids: [] }],
      (args, { named }) => pythonRandom(named.seed).shuffle(list(args)),
      { named: seeded },
    ),
  ],
};

function digest(algorithm: string, source: string): string {
  try {
    return createHash(algorithm).update(source).digest('hex');
  } catch {
    throw new BadArgument(`does not know the algorithm '${algorithm}'`, 1);
  }
}

const SCHEMES: Record<string, number> = { sha512: 6, sha256: 5 };

/** With 5,000 rounds where none are given, which crypt(3) takes by default and does not write down. */
function passwordHash(password: string, scheme: string, salt: unknown, rounds: unknown): string {
  const id = SCHEMES[scheme.replace(/_crypt$/, '')];
  if (id === undefined) throw new BadArgument(`expects sha512 or sha256, found '${scheme}'`, 1);
  const random = () => randomBytes(12).toString('base64url').replaceAll(/[-_]/g, '.');
  const used = salt === undefined || salt === null ? random() : text([salt]);
  return encrypt(password, `$${id}$${rounds === undefined ? '' : `rounds=${integer([rounds])}$`}${used}`);
}

function uuid5(name: string, namespace: string): string {
  const space = Buffer.from(namespace.replaceAll('-', ''), 'hex');
  if (space.length !== 16) throw new BadArgument(`expects a UUID, found '${namespace}'`, 1);
  const bytes = createHash('sha1').update(space).update(name).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function random(args: unknown[], named: Record<string, unknown>): unknown {
  const chance = pythonRandom(named.seed);
  if (Array.isArray(args[0])) {
    if (args[0].length === 0) throw new BadArgument('expects a list with items, found an empty one');
    return args[0][chance.below(args[0].length)];
  }
  const start = integer([args[1] ?? named.start ?? 0]);
  const step = integer([args[2] ?? named.step ?? 1]);
  const count = Math.ceil((integer(args) - start) / step);
  if (!(count > 0)) throw new BadArgument('expects a number above the least one');
  return start + step * chance.below(count);
}
