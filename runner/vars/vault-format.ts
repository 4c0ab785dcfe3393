import { createCipheriv, createDecipheriv, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

/** The header of an encrypted text: `$ANSIBLE_VAULT;1.2;AES256;prod`. */
export interface VaultHeader {
  version: '1.1' | '1.2';
  /** Which password it wants, where the header says; 1.2 only. */
  id?: string;
}

/** An encrypted text that is no such thing, with the reason. */
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

/**
 * Encrypts as `ansible-vault` does: PBKDF2 with SHA-256 and 10000 rounds for the keys, AES-256 in counter mode, an
 * HMAC over the ciphertext. With an id the format is 1.2, without one 1.1.
 */
export function encryptVault(plain: Buffer, password: string, id?: string): string {
  const salt = randomBytes(32);
  const { key, iv, hmacKey } = keysOf(password, salt);
  const padding = 16 - (plain.length % 16);
  const cipher = createCipheriv('aes-256-ctr', key, iv);
  const encrypted = Buffer.concat([cipher.update(Buffer.concat([plain, Buffer.alloc(padding, padding)])), cipher.final()]);
  const hmac = createHmac('sha256', hmacKey).update(encrypted).digest('hex');
  const body = Buffer.from(`${salt.toString('hex')}\n${hmac}\n${encrypted.toString('hex')}`).toString('hex');
  const header = id ? `$ANSIBLE_VAULT;1.2;AES256;${id}` : '$ANSIBLE_VAULT;1.1;AES256';
  return [header, ...(body.match(/.{1,80}/g) ?? []), ''].join('\n');
}

/** Decrypts; undefined where the password is another one. Throws {@link BadVault}. */
export function decryptVault(text: string, password: string): Buffer | undefined {
  vaultHeader(text);
  const { salt, hmac, encrypted } = partsOf(text);
  const { key, iv, hmacKey } = keysOf(password, salt);
  const found = createHmac('sha256', hmacKey).update(encrypted).digest();
  if (found.length !== hmac.length || !timingSafeEqual(found, hmac)) return undefined;
  const decipher = createDecipheriv('aes-256-ctr', key, iv);
  const padded = Buffer.concat([decipher.update(encrypted), decipher.final()]);
  const padding = padded.at(-1) ?? 0;
  if (padding < 1 || padding > 16 || padding > padded.length) throw new BadVault('what it holds is damaged');
  return padded.subarray(0, padded.length - padding);
}

function partsOf(text: string): { salt: Buffer; hmac: Buffer; encrypted: Buffer } {
  const hex = text.split(/\r?\n/).slice(1).join('').replaceAll(/\s/g, '');
  const inner = fromHex(hex).toString('latin1').split('\n');
  const [salt, hmac, encrypted] = inner;
  if (salt === undefined || hmac === undefined || encrypted === undefined) throw new BadVault('parts of it are missing');
  return { salt: fromHex(salt), hmac: fromHex(hmac), encrypted: fromHex(encrypted) };
}

function fromHex(hex: string): Buffer {
  if (hex.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(hex)) throw new BadVault('it holds something other than hexadecimal digits');
  return Buffer.from(hex, 'hex');
}

function keysOf(password: string, salt: Buffer): { key: Buffer; hmacKey: Buffer; iv: Buffer } {
  const bytes = pbkdf2Sync(password, salt, 10_000, 80, 'sha256');
  return { key: bytes.subarray(0, 32), hmacKey: bytes.subarray(32, 64), iv: bytes.subarray(64, 80) };
}
