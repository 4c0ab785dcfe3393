import { Vault } from '../language/vault/vault.ts';
import { encryptVault } from '../language/vault/vault-format.ts';
import { isVault, vaultHeader } from '../language/vault/vault-header.ts';

/** An encrypted text, as `ansible-vault` writes it. `id` names the password it wants, and makes it version 1.2. */
export function encryptText(plain: Buffer, password: string, id?: string): string {
  return encryptVault(plain, password, id);
}

/** What an encrypted text holds. Throws XrunError E_VAULT where no password opens it. */
export function decryptText(text: string, file: string, passwords: readonly string[]): Buffer {
  return new Vault(passwords).decrypt(text, file);
}

/** The id of an encrypted text's password, where it has one. */
export function vaultId(text: string): string | undefined {
  return vaultHeader(text).id;
}

/** Whether a text is encrypted. */
export function isEncrypted(text: string): boolean {
  return isVault(text);
}
