import { readFile } from 'node:fs/promises';
import ssh2 from 'ssh2';
import type { ParsedKey } from 'ssh2';
import { XrunError } from '../../../diagnostics/errors.ts';

const cache = new Map<string, Promise<ParsedKey>>();

/**
 * A private key, parsed; each file once a run, since decrypting one is slow on purpose. Rejects with E_KEY_FILE: not
 * there, not readable, no key, wrong or missing passphrase.
 */
export function readKey(path: string, passphrase?: string): Promise<ParsedKey> {
  const id = `${path}\0${passphrase ?? ''}`;
  let key = cache.get(id);
  if (!key) {
    key = parse(path, passphrase);
    cache.set(id, key);
    key.catch(() => cache.delete(id));
  }
  return key;
}

async function parse(path: string, passphrase?: string): Promise<ParsedKey> {
  let text: Buffer;
  try {
    text = await readFile(path);
  } catch (error) {
    throw new XrunError('E_KEY_FILE', `cannot read the private key ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const parsed = ssh2.utils.parseKey(text, passphrase) as ParsedKey | ParsedKey[] | Error;
  if (parsed instanceof Error) throw refused(path, parsed, passphrase !== undefined);
  const key = Array.isArray(parsed) ? (parsed[0] as ParsedKey) : parsed;
  if (key.isPrivateKey()) return key;
  throw new XrunError('E_KEY_FILE', `${path} is a public key; expected the private one`, {
    hint: path.endsWith('.pub') ? `Try ${path.slice(0, -4)}.` : undefined,
  });
}

function refused(path: string, error: Error, hadPassphrase: boolean): XrunError {
  if (/no passphrase given/i.test(error.message)) {
    return new XrunError('E_KEY_FILE', `the private key ${path} is protected by a passphrase, and none was given`, {
      hint: 'Load it into ssh-agent (ssh-add), or give the passphrase.',
      cause: error,
    });
  }
  if (hadPassphrase && /passphrase|decrypt|integrity/i.test(error.message)) {
    return new XrunError('E_KEY_FILE', `wrong passphrase for the private key ${path}`, { cause: error });
  }
  return new XrunError('E_KEY_FILE', `${path} is not a private key that can be used: ${error.message}`, {
    cause: error,
  });
}
