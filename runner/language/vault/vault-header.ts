/** The header of an encrypted text: `$ANSIBLE_VAULT;1.2;AES256;prod`. */
export interface VaultHeader {
  version: '1.1' | '1.2';
  /** Which password it wants, where the header says; 1.2 only. */
  id?: string;
}

/** An encrypted text that is not valid, with the reason. */
export class BadVault extends Error {}

/** Whether a text begins as encrypted ones do. */
export function isVault(text: string): boolean {
  return text.startsWith('$ANSIBLE_VAULT;');
}

/** Reads the first line of an encrypted text. Throws {@link BadVault}. */
export function vaultHeader(text: string): VaultHeader {
  const [magic, version, cipher, id] = (text.split(/\r?\n/, 1)[0] ?? '').trim().split(';');
  if (magic !== '$ANSIBLE_VAULT') throw new BadVault("it does not begin with '$ANSIBLE_VAULT;'");
  if (version !== '1.1' && version !== '1.2') throw new BadVault(`its version is ${version}; 1.1 and 1.2 are known`);
  if (cipher !== 'AES256') throw new BadVault(`its cipher is ${cipher}; only AES256 is known`);
  return { version, ...(id && { id }) };
}

/** What follows the first line. Throws {@link BadVault}. */
export function bytesOfVault(text: string): Buffer {
  return fromHex(text.split(/\r?\n/).slice(1).join('').replaceAll(/\s/g, ''));
}

/** Throws {@link BadVault}. */
export function fromHex(hex: string): Buffer {
  if (hex.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(hex))
    throw new BadVault('it holds something other than hexadecimal digits');
  return Buffer.from(hex, 'hex');
}
