import { createCipheriv, createDecipheriv, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { BadVault, bytesOfVault, fromHex, vaultHeader } from './vault-header.ts';

/**
 * Encrypts as `ansible-vault` does: PBKDF2 with SHA-256 and 10000 rounds for the keys, AES-256 in counter mode, an
 * HMAC over the ciphertext. With an id the format is 1.2, without one 1.1.
 */
export function encryptVault(plain: Buffer, password: string, id?: string): string {
  const salt = randomBytes(32);
  const { key, iv, hmacKey } = keysOf(password, salt);
  const padding = 16 - (plain.length % 16);
  const cipher = createCipheriv('aes-256-ctr', key, iv);
  const encrypted = Buffer.concat([
    cipher.update(Buffer.concat([plain, Buffer.alloc(padding, padding)])),
    cipher.final(),
  ]);
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
  const inner = bytesOfVault(text).toString('latin1').split('\n');
  const [salt, hmac, encrypted] = inner;
  if (salt === undefined || hmac === undefined || encrypted === undefined)
    throw new BadVault('parts of it are missing');
  return { salt: fromHex(salt), hmac: fromHex(hmac), encrypted: fromHex(encrypted) };
}

function keysOf(password: string, salt: Buffer): { key: Buffer; hmacKey: Buffer; iv: Buffer } {
  const bytes = pbkdf2Sync(password, salt, 10_000, 80, 'sha256');
  return { key: bytes.subarray(0, 32), hmacKey: bytes.subarray(32, 64), iv: bytes.subarray(64, 80) };
}
