import { XrunError } from '../../diagnostics/errors.ts';
import type { Position } from '../../diagnostics/errors.ts';
import type { Secrets } from './secrets.ts';
import { loadYaml } from '../yaml/load.ts';
import type { VaultText } from './vault-text.ts';
import { BadVault, isVault, vaultHeader } from './vault-header.ts';
import { decryptVault } from './vault-format.ts';

/** A password, with the id of the texts it is for where it has one (`--vault-id prod@file`). */
export interface VaultPassword {
  id?: string;
  password: string;
}

/** The passwords of a run and what they opened. Everything that comes out becomes a secret. */
export class Vault {
  readonly #passwords: VaultPassword[];
  readonly #secrets: Pick<Secrets, 'add'>;
  readonly #opened = new WeakMap<VaultText, string>();

  constructor(passwords: readonly (string | VaultPassword)[] = [], secrets: Pick<Secrets, 'add'> = { add: () => {} }) {
    this.#passwords = passwords.map((given) => (typeof given === 'string' ? { password: given } : given));
    this.#secrets = secrets;
  }

  /** The value of a `!vault`. Throws E_VAULT at its place. */
  open(value: VaultText): string {
    const known = this.#opened.get(value);
    if (known !== undefined) return known;
    const plain = this.#decrypt(value.text, value.at).toString('utf8');
    this.#secrets.add(plain);
    this.#opened.set(value, plain);
    return plain;
  }

  /** The text of a file; one that is not encrypted is returned as it is. Throws E_VAULT. */
  decryptText(text: string, file: string): string {
    return isVault(text) ? this.decrypt(text, file).toString('utf8') : text;
  }

  /** What an encrypted file holds, any bytes. Throws E_VAULT. */
  decrypt(text: string, file: string): Buffer {
    const plain = this.#decrypt(text, { file, line: 1, col: 1 });
    this.#remember(plain.toString('utf8'), file);
    return plain;
  }

  /** In a file of variables each value is a secret, and what mappings in it are keyed by; of any other file, the whole and its longer lines are. */
  #remember(text: string, file: string): void {
    const value = valueOf(text, file);
    if (typeof value !== 'object' || value === null) return this.#secrets.add(text, LEAST_LINE);
    // What the file itself is keyed by are names of variables.
    for (const secret of Object.values(value).flatMap((each) => secretsIn(each))) this.#secrets.add(secret);
  }

  #decrypt(text: string, at: Position): Buffer {
    try {
      const { id } = vaultHeader(text);
      const fitting = this.#passwords.toSorted((a, b) => Number(b.id === id) - Number(a.id === id));
      for (const { password } of fitting) {
        const plain = decryptVault(text, password);
        if (plain) return plain;
      }
      throw this.#refused(id, at);
    } catch (error) {
      if (!(error instanceof BadVault)) throw error;
      throw new XrunError('E_VAULT', `the encrypted text cannot be read: ${error.message}`, { at });
    }
  }

  #refused(id: string | undefined, at: Position): XrunError {
    const which = id ? ` (its id is '${id}')` : '';
    if (this.#passwords.length > 0)
      return new XrunError('E_VAULT', `none of the vault passwords opens this${which}`, { at });
    const hint = 'Give `--vault-password-file FILE`.';
    return new XrunError('E_VAULT', `this is encrypted${which} and there is no vault password`, { at, hint });
  }
}

/** Shorter lines of an encrypted file that is not a file of variables are common words. */
const LEAST_LINE = 12;

function valueOf(text: string, file: string): unknown {
  try {
    return loadYaml(text, file).value;
  } catch {
    return undefined;
  }
}

/** A key of a mapping that names a field, as programs do: one or a few words of one case, which are no secret. */
const FIELD = /^(?=.{1,24}$)([a-z]+|[A-Z]+|[A-Za-z][a-z]*([A-Z][a-z]+)*)([-_. ][A-Za-z]+)*$/;
/** Shorter keys with digits in them are names as well: `eth0`, `ipv4`. */
const LEAST_KEY = 6;

function secretsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  // A number of a few digits is a count or a port, and no secret.
  if (typeof value === 'number') return String(value).length >= 4 ? [String(value)] : [];
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? [] : Object.keys(value);
  return [
    ...keys.filter((key) => key.length >= LEAST_KEY && !FIELD.test(key)),
    ...Object.values(value).flatMap((each) => secretsIn(each)),
  ];
}
