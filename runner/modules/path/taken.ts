import { createHash } from 'node:crypto';
import { cksum } from './cksum.ts';

/**
 * Shell functions that print content so that {@link takenOf} knows whether all of it came: `_take FILE` for a file,
 * `_take_text TEXT` for a text. A SHA-256 of FILE that is known already may be the second argument. They return the
 * exit status of what failed. Where a host has no `sha256sum` or no `base64`, POSIX `cksum` and `od` do.
 */
export const TAKE = `_take() {
if [ "$2" ]; then _c="sha256 $2"
elif command -v sha256sum >/dev/null 2>&1; then _c=$(sha256sum <"$1") || return; _c="sha256 \${_c%% *}"
else _c=$(cksum <"$1") || return; _c="cksum $_c"; fi
if command -v base64 >/dev/null 2>&1; then echo "content $_c base64"; base64 <"$1" || return
else echo "content $_c hex"; od -An -v -tx1 <"$1" || return; fi
echo .
}
_take_text() {
if command -v sha256sum >/dev/null 2>&1; then _c=$(printf %s "$1" | sha256sum) || return; _c="sha256 \${_c%% *}"
else _c=$(printf %s "$1" | cksum) || return; _c="cksum $_c"; fi
if command -v base64 >/dev/null 2>&1; then echo "content $_c base64"; printf %s "$1" | base64 || return
else echo "content $_c hex"; printf %s "$1" | od -An -v -tx1 || return; fi
echo .
}`;

/** A shell function that prints its stdin so that {@link decoded} knows it again; what ends its input has to be known. */
export const ENCODE = `_encode() { if command -v base64 >/dev/null 2>&1; then echo base64; base64; else echo hex; od -An -v -tx1; fi; }`;

/** The bytes that {@link ENCODE} printed, as far as they arrived. */
export function decoded(text: string): Buffer {
  const [, encoding, rest = ''] = /^(base64|hex)\n([\s\S]*)$/.exec(text) ?? [];
  if (encoding === undefined) throw new Error('expected bytes in base64 or hex');
  return encoding === 'base64' ? Buffer.from(rest, 'base64') : Buffer.from(rest.replace(/\s+/g, ''), 'hex');
}

/** Where a block of {@link TAKE} begins in what a probe printed; -1 where there is none. */
export function takenAt(text: string): number {
  return text.startsWith('content ') ? 0 : text.indexOf('\ncontent ') + 1 || -1;
}

/**
 * The content that the first block of {@link TAKE} in `text` holds. Throws an Error where it has no end, or is not
 * what its checksum says: the program that read it was stopped half-way, or the file was written to meanwhile.
 */
export function takenOf(text: string): Buffer {
  const at = takenAt(text);
  const lineEnd = text.indexOf('\n', at);
  const end = text.indexOf('\n.\n', lineEnd - 1);
  const [, kind, sum, encoding] =
    /^content (sha256|cksum) (.*) (base64|hex)$/.exec(at < 0 ? '' : text.slice(at, lineEnd)) ?? [];
  if (sum === undefined || end < lineEnd) throw new Error('the content of a file did not arrive completely');
  const bytes = decoded(`${encoding}\n${text.slice(lineEnd + 1, end)}`);
  const found =
    kind === 'sha256' ? createHash('sha256').update(bytes).digest('hex') : `${cksum(bytes)} ${bytes.length}`;
  if (found === sum.trim()) return bytes;
  throw new Error(
    `the content of a file was expected to have the ${kind} ${sum}, but the ${bytes.length} bytes that arrived have ${found}: a program on the host stopped half-way, or the file was written to meanwhile`,
  );
}
