import { XrunError } from '../../diagnostics/errors.ts';
import type { Position } from '../../diagnostics/errors.ts';
import { BadVault, bytesOfVault, vaultHeader } from './vault-header.ts';

/** What `!vault` tags: text encrypted by a vault. Variables decrypt it when it is read. */
export class VaultText {
  /** As written, from `$ANSIBLE_VAULT;` on. */
  readonly text: string;
  readonly at: Position;

  /** Throws E_VAULT, now and not when it is read, for what no password can decrypt. */
  constructor(text: string, at: Position) {
    try {
      vaultHeader(text);
      bytesOfVault(text);
    } catch (error) {
      if (error instanceof BadVault)
        throw new XrunError('E_VAULT', `the encrypted text cannot be read: ${error.message}`, { at });
      throw error;
    }
    this.text = text;
    this.at = at;
  }
}
