import { XrunError } from '../errors.ts';
import type { VaultText } from '../yaml/vault-text.ts';

export class Vault {
  readonly #passwords: string[];
  constructor(passwords: string[]) { this.#passwords = passwords; }
  open(value: VaultText): string {
    throw new XrunError('E_VAULT', `a value is encrypted and no vault password was given (${this.#passwords.length})`, { at: value.at });
  }
}
