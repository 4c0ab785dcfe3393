import { XrunError, XrunErrors } from '../diagnostics/errors.ts';
import { MASK } from '../language/vault/masker.ts';
import type { Secrets } from '../language/vault/secrets.ts';
import { VaultText } from '../language/vault/vault-text.ts';

/** Connection variables that hold a password in plain text. */
const PASSWORD_NAME = /^(ansible|xrun)_(\w+_)?(pass|password|passphrase)$/;

/** An error without secrets: messages quote values, and a bug's message may too. */
export function maskedError(error: unknown, secrets: Secrets): unknown {
  if (error instanceof XrunErrors)
    return new XrunErrors(error.errors.map((each) => maskedError(each, secrets) as XrunError));
  if (error instanceof Error && !(error instanceof XrunError)) {
    error.message = secrets.redact(error.message);
    if (error.stack !== undefined) error.stack = secrets.redact(error.stack);
    return error;
  }
  if (
    !(error instanceof XrunError) ||
    (secrets.redact(error.message) === error.message && secrets.redact(error.hint ?? '') === (error.hint ?? ''))
  )
    return error;
  const { code, message, at, hint, cause } = error;
  return new XrunError(code, secrets.redact(message), {
    ...(at && { at }),
    ...(hint !== undefined && { hint: secrets.redact(hint) }),
    cause,
  });
}

/** How variables are shown: masked, or as they are. */
export interface Showing {
  secrets: Secrets;
  /** Opens what `!vault` tags. */
  decrypt(text: string, file: string): string;
  reveal: boolean;
}

/** Makes the passwords in connection variables secrets, so that what is made of them is masked too. */
export function notePasswords(names: Iterable<string>, valueOf: (name: string) => unknown, { secrets }: Showing): void {
  for (const name of names) {
    const value = PASSWORD_NAME.test(name) ? valueOf(name) : undefined;
    if (typeof value === 'string' || typeof value === 'number') secrets.add(String(value));
  }
}

/** A variable's value to be shown; encrypted texts that were not opened are masked unopened. */
export function shownValue(name: string, value: unknown, showing: Showing): unknown {
  const { secrets, reveal } = showing;
  const opened = withVaults(value, showing);
  if (reveal) return opened;
  return PASSWORD_NAME.test(name) && opened !== undefined && opened !== null ? MASK : secrets.redactDeep(opened);
}

function withVaults(value: unknown, showing: Showing): unknown {
  if (value instanceof VaultText) return showing.reveal ? showing.decrypt(value.text, value.at.file) : MASK;
  if (Array.isArray(value)) return value.map((each) => withVaults(each, showing));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withVaults(each, showing)]));
}
