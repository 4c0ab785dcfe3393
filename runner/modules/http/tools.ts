import { TAG, aside } from '../../connection/files/leftovers.ts';
import { atExit, quote, raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { ENCODE } from '../path/taken.ts';
import { isSecret } from './request.ts';
import type { HttpRequest } from './request.ts';

/** What to do with the answer: print head and body, or write the body to the file whose path is in `$t`. */
export interface Wanted {
  into: 'stdout' | 'file';
  /** The content is verified by other means, so that the server need not be. */
  verified?: boolean;
}

/** Follows what was answered: without it the program that read it was stopped half-way. */
export const COMPLETE = '\n@complete';

/**
 * Makes a request by what the target has: curl, GNU's wget, or busybox's. What is secret goes to the first
 * two by a descriptor, since the words of a command can be read by every user of the host; the last refuses it. Prints `tool=NAME`,
 * for `stdout` the answer and {@link COMPLETE} as ENCODE has them; the last line of stderr is `rc=STATUS`. `request.body` is
 * the script's stdin.
 */
export function requestScript(request: HttpRequest, wanted: Wanted): Script {
  const print = wanted.into === 'stdout';
  // With a pipe behind, the status would be that of what encodes.
  const answer = (name: string, command: string) =>
    `echo tool=${name}; { ${command}\necho "rc=$?" >&2; ${print ? "printf '\\n@complete'; } | _encode || exit" : '}'}`;
  const script = `${print ? `${ENCODE}\n` : ''}if command -v curl >/dev/null 2>&1; then ${answer('curl', curl(request, print))}
elif wget --version 2>/dev/null | grep -q 'GNU Wget'; then ${answer('wget', wget(request, print))}
elif command -v wget >/dev/null 2>&1 || command -v busybox >/dev/null 2>&1; then ${answer('busybox', busybox(request, wanted))}
else echo tool=none; echo rc=127 >&2; fi`;
  return { ...raw(script), ...(request.body && { stdin: request.body }) };
}

function curl({ url, method, headers, user, body, timeout, follow, verify }: HttpRequest, print: boolean): string {
  const seconds = Math.max(1, Math.ceil(timeout));
  const lines = [
    `url = ${quoted(url)}`,
    ...(method === 'HEAD'
      ? ['head']
      : method === 'GET' && !body
        ? []
        : [`request = ${quoted(method)}`, 'data-binary = "@-"', 'header = "Expect:"']),
    ...Object.entries(headers).map(
      ([name, value]) => `header = ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`,
    ),
    ...(user ? [`user = ${quoted(`${user.name}:${user.password}`)}`] : []),
    ...(follow ? ['location', 'max-redirs = 20'] : []),
    ...(verify ? [] : ['insecure']),
    `connect-timeout = ${seconds}\nspeed-time = ${seconds}\nspeed-limit = 1\nproto = "=http,https"\nproto-redir = "=http,https"\ngloboff`,
  ];
  const how = print
    ? `-i -w '\\n%{http_code} %{size_header} %{num_redirects} %{url_effective}'`
    : `-f -o "$t" -w '%{http_code}\\n'`;
  return onFive(`curl -q -sS ${how} --config /dev/fd/5`, lines.join('\n'));
}

/** What a command reads from descriptor 5. The here-document holds a variable: no line of the content can be its end. */
function onFive(command: string, content: string): string {
  return `_c=${quote(content)}\n${command} 5<<END\n$_c\nEND`;
}

/** Where the body waits for those that take it from a file only. */
const SEND = `${TAG}; b=$(mktemp ${aside()}) || exit; ${atExit('rm -f "$b"').text}; cat >"$b" || exit; `;

/** It takes its settings from a file only that is not a pipe; but the address, with user and password in it, from anywhere. */
function wget({ url, method, headers, user, body, timeout, follow, verify }: HttpRequest, print: boolean): string {
  const secret = Object.keys(headers).find(isSecret);
  if (secret !== undefined) return refuse(`would show the header ${secret} to every user of the host`, 'wget');
  const send = body ? SEND : '';
  const words = [
    ...['-nv', '-t', '1', '-T', timeout, `--max-redirect=${follow ? 20 : 0}`, '--auth-no-challenge'],
    ...(['GET', 'HEAD'].includes(method) ? [] : [`--method=${method}`]),
    ...(verify ? [] : ['--no-check-certificate']),
    ...Object.entries(headers).map(([name, value]) => `--header=${name}: ${value}`),
    ...(print ? (method === 'HEAD' ? ['--spider', '-S'] : ['--save-headers', '--content-on-error', '-O', '-']) : []),
  ];
  const address = new URL(url);
  if (user)
    [address.username, address.password] = [user.name, user.password].map(encodeURIComponent) as [string, string];
  const call = onFive(
    `wget --no-config ${sh`${words}`.text}${body ? ' --body-file="$b"' : ''}${print ? '' : ' -O "$t"'} -i /dev/fd/5`,
    address.href,
  );
  return `${send}${call}`;
}

/** It knows GET and POST only, verifies no certificate, and gets everything as arguments. */
function busybox(
  { url, method, headers, user, body, timeout, verify }: HttpRequest,
  { into, verified }: Wanted,
): string {
  if (user || Object.keys(headers).some(isSecret)) return refuse('would show the password to every user of the host');
  if (url.startsWith('https:') && verify && !verified) return refuse('verifies no certificates');
  if (!['GET', 'POST'].includes(method)) return refuse(`cannot ${method}`);
  const words = sh`${Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`])}`.text;
  const send = method === 'POST' ? (body ? SEND : 'b=/dev/null; ') : '';
  // Some are built without -T, and crash when they are given it.
  const call = `w=busybox; wget --help 2>&1 | grep -q BusyBox && w=; o=; $w wget --help 2>&1 | grep -q -e '-T ' && o="-T ${Math.max(1, Math.ceil(timeout))}"
$w wget $o ${into === 'stdout' ? '-S -O -' : '-q -O "$t"'} ${words}${send && ' --post-file "$b"'} ${sh`${url}`.text}`;
  return `${send}${call}`;
}

function refuse(why: string, tool = 'busybox’s wget'): string {
  return `echo ${sh`${`this host has only ${tool}, which ${why}; install curl`}`.text} >&2; (exit 2)`;
}

/** As curl's configuration files have it. */
function quoted(value: string): string {
  const escapes: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v' };
  return `"${value.replace(/[\\"]/g, '\\$&').replace(/[\n\r\t\v]/g, (one) => escapes[one] as string)}"`;
}
