import { execFileSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import path from 'node:path';
import { XrunError } from '../../diagnostics/errors.ts';
import type { Io } from '../io.ts';
import { question } from '../prompts/question.ts';

/** The vault passwords of `--vault-password-file` (a file, or a program that prints one) and `--ask-vault-pass`. */
export async function vaultPasswords(
  flags: { vaultPasswordFile: string[]; askVaultPass?: boolean },
  io: Io,
): Promise<string[]> {
  const fromFiles = flags.vaultPasswordFile.map((file) => passwordOf(path.resolve(io.cwd, file), io));
  return flags.askVaultPass ? [...fromFiles, await question(io, 'Vault password: ', true)] : fromFiles;
}

function passwordOf(file: string, io: Io): string {
  try {
    const text = isProgram(file)
      ? execFileSync(file, { cwd: io.cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
      : readFileSync(file, 'utf8');
    // As in Ansible: one password, and the line end that editors add is none of it.
    const password = text.trim();
    if (password) return password;
  } catch (cause) {
    throw new XrunError(
      'E_VAULT_PASSWORD',
      `cannot read the vault password from ${file}: ${(cause as Error).message}`,
      { cause },
    );
  }
  throw new XrunError('E_VAULT_PASSWORD', `the vault password file ${file} is empty`);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
