import { readFileSync } from 'node:fs';
import path from 'node:path';
import { XrunError } from '../../diagnostics/errors.ts';
import { decryptText, encryptText, isEncrypted, vaultId } from '../../api/index.ts';
import { editText } from '../prompts/editor.ts';
import { EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { outOf } from '../out.ts';
import { question } from '../prompts/question.ts';
import { replaceFile } from '../replace-file.ts';
import { vaultPasswords } from '../options/vault-passwords.ts';

export interface VaultFlags {
  vaultPasswordFile: string[];
  askVaultPass?: boolean;
  newVaultPasswordFile?: string;
  vaultId?: string;
  name?: string;
}

/** What to do with files. `-` is stdin, and the result goes to stdout. */
type Work = 'encrypt' | 'decrypt' | 'view' | 'edit' | 'rekey';

/** `xrun vault ...`, compatible with `ansible-vault`. Files are replaced whole or not at all. */
export async function vaultCommand(work: Work, files: string[], flags: VaultFlags, io: Io): Promise<number> {
  const passwords = await knownPasswords(work, flags, io);
  const fresh = work === 'rekey' ? await newPassword(flags, io) : undefined;
  // All are read and opened before one is written.
  const texts = await Promise.all(files.map((file) => textOf(file, work, io)));
  const results = texts.map((text, i) => resultOf(work, { text, file: files[i] ?? '', passwords, fresh, flags }));
  for (const [i, result] of results.entries())
    put(
      files[i] ?? '',
      work === 'edit' ? edited(result, files[i] ?? '', passwords, texts[i] ?? '', io) : result,
      work,
      io,
    );
  return EXIT.ok;
}

interface Job {
  text: string;
  file: string;
  passwords: string[];
  fresh: string | undefined;
  flags: VaultFlags;
}

function resultOf(work: Work, { text, file, passwords, fresh, flags }: Job): string | Buffer {
  if (work === 'encrypt') return encrypted(Buffer.from(text, 'latin1'), flags, passwords);
  const plain = decryptText(text, file, passwords);
  return fresh === undefined ? plain : encryptText(plain, fresh, flags.vaultId ?? vaultId(text));
}

/** With a name it is a variable, to be put into a file of others. */
function encrypted(plain: Buffer, flags: VaultFlags, passwords: string[]): string {
  const text = encryptText(plain, passwords[0] ?? '', flags.vaultId);
  return flags.name === undefined ? text : `${flags.name}: !vault |\n${text.trimEnd().replace(/^/gm, '  ')}\n`;
}

function edited(plain: string | Buffer, file: string, passwords: string[], before: string, io: Io): string {
  const after = editText(Buffer.from(plain), path.basename(file), io);
  if (after.equals(Buffer.from(plain))) return before;
  // The password that opened it is the one it keeps.
  const kept = passwords.find((password) => opens(before, password)) ?? '';
  return encryptText(after, kept, vaultId(before));
}

function opens(text: string, password: string): boolean {
  try {
    decryptText(text, '', [password]);
    return true;
  } catch {
    return false;
  }
}

function put(file: string, text: string | Buffer, work: Work, io: Io): void {
  if (work === 'view' || file === '-') outOf(io.stdout).write(text);
  else replaceFile(path.resolve(io.cwd, file), text);
}

/** Bytes as Latin-1, so that any file survives. */
async function textOf(file: string, work: Work, io: Io): Promise<string> {
  const text = file === '-' ? await stdinText(io) : fileText(path.resolve(io.cwd, file));
  if (work === 'encrypt' && isEncrypted(text))
    throw new XrunError('E_VAULT', `${file} is encrypted already`, {
      hint: '`xrun vault rekey` changes its password.',
    });
  if (work !== 'encrypt' && !isEncrypted(text)) throw new XrunError('E_VAULT', `${file} is not encrypted`);
  return text;
}

async function stdinText(io: Io): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of io.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('latin1');
}

function fileText(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (cause) {
    throw new XrunError('E_FILE', `cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
}

async function knownPasswords(work: Work, flags: VaultFlags, io: Io): Promise<string[]> {
  const known = await vaultPasswords(flags, io);
  if (known.length > 0) return known;
  return [work === 'encrypt' ? await twice(io, 'New vault password') : await question(io, 'Vault password: ', true)];
}

async function newPassword(flags: VaultFlags, io: Io): Promise<string> {
  const [known] =
    flags.newVaultPasswordFile === undefined
      ? []
      : await vaultPasswords({ vaultPasswordFile: [flags.newVaultPasswordFile] }, io);
  return known ?? twice(io, 'New vault password');
}

async function twice(io: Io, text: string): Promise<string> {
  for (;;) {
    const answer = await question(io, `${text}: `, true);
    if (answer !== '' && answer === (await question(io, `${text}, once more: `, true))) return answer;
    io.stderr.write(answer === '' ? 'An empty password protects nothing.\n' : 'The two answers differ.\n');
  }
}
