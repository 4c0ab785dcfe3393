import * as z from 'zod';
import { raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { shownUrl } from './request.ts';
import type { HttpRequest } from './request.ts';
import { requestScript } from './tools.ts';

/** A checksum that something fetched must have, in lower case. */
export interface Checksum {
  algorithm: string;
  hex: string;
}

/** Hexadecimal digits of each algorithm's checksums. */
const DIGITS: Record<string, number> = { md5: 32, sha1: 40, sha224: 56, sha256: 64, sha384: 96, sha512: 128 };

/** The argument that gives a {@link Checksum}. */
export const checksum = z
  .string()
  .transform(digestOf)
  .refine(
    ({ algorithm, hex }) => new RegExp(`^[\\da-f]{${DIGITS[algorithm] ?? 0}}$`).test(hex) && algorithm in DIGITS,
    'expected sha256:HEX, sha512:HEX or the like; an address of checksums is not taken',
  );

/**
 * Fetches to the file whose path is in `$t`, and exits, saying why, unless what came has the checksum, if there is one; `$m` is
 * what the tool said.
 */
export function fetchVerified(request: HttpRequest, wanted: Checksum | undefined): Script {
  return sh`get() {
${requestScript(request, { into: 'file', verified: true })}
}
m=$(get 2>&1)
case $m in *rc=0) ;; *tool=none*) echo 'this host has neither curl nor wget' >&2; exit 1 ;; *) printf '%s\n' "$m" | sed '/^tool=/d; /^rc=/d; /^[0-9]*$/d' >&2; exit 1 ;; esac
${wanted && verified(request, wanted)}`;
}

function verified(request: HttpRequest, { algorithm, hex }: Checksum): Script {
  return sh`h=$(${raw(algorithm)}sum <"$t") && h=\${h%% *} || exit
[ "$h" = ${hex} ] || { printf '%s\n' ${`what came from ${shownUrl(request.url)} is not what was meant: instead of ${hex} its ${algorithm} is `}"$h" >&2; exit 1; }`;
}

function digestOf(checksum: string): Checksum {
  const [, algorithm = 'sha256', hex = ''] = /^(?:(\w+):)?(.*)$/s.exec(checksum) ?? [];
  return { algorithm: algorithm.toLowerCase(), hex: hex.trim().toLowerCase() };
}
