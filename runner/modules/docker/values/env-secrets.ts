/** What variables are called that hold a secret, and what one is called that says where, how long or whose it is. */
const NAMES =
  /pass(w(or)?d|phrase)?($|_|\d)|secret|token|credential|(^|_)(api_?key|private_?key|access_?key|key|auth|pw|pwd|salt|dsn)($|_)/i;
const ABOUT =
  /_(file|path|dir|url|uri|host|port|name|user|id|type|ttl|timeout|expir\w*|length|size|enabled|required|algorithm|header|policy)$/i;
/** A password in an address: `postgres://me:HERE@db/x`. */
const IN_ADDRESS = /[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:([^\s@/]+)@/gi;
/** Settings that many variables have, and that no secret is. */
const PLAIN = /^(true|false|yes|no|on|off|none|null|\d{1,6})$/i;

/** The secrets in an environment, by the names of its variables and by the form of addresses. */
export function envSecrets(env: Readonly<Record<string, unknown>> = {}): string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    const text = String(value ?? '');
    const named = NAMES.test(name) && !ABOUT.test(name) && !PLAIN.test(text) ? [text] : [];
    return [
      ...named,
      ...[...text.matchAll(IN_ADDRESS)].flatMap(([, password = '']) => [password, decoded(password)]),
    ].filter(Boolean);
  });
}

/** The same of `NAME=value` lines, as Docker has them. */
export function envListSecrets(lines: readonly string[] | null | undefined): string[] {
  return envSecrets(
    Object.fromEntries((lines ?? []).map((line) => [line.split('=', 1)[0]!, line.slice(line.indexOf('=') + 1)])),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
