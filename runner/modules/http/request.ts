import * as z from 'zod';
import { flag, seconds, text } from '../../model/arguments/scalars.ts';

/** A request as a target makes it. The URL holds no user and no password any more. */
export interface HttpRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  user?: { name: string; password: string };
  body?: Buffer;
  /** Seconds without an answer, or without progress, after which it is given up. */
  timeout: number;
  follow: boolean;
  verify: boolean;
}

/** The arguments of modules that make requests. */
export const requestArgs = {
  url: z
    .string()
    .refine(isUrl, 'expected an address of HTTP or HTTPS')
    .describe('The address; a user and a password in it are taken out and never shown.'),
  headers: z
    .record(
      z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'expected the name of a header'),
      text.refine((value) => !/[\r\n]/.test(value), 'a header is one line'),
    )
    .default({})
    .describe('Headers of the request, by name.'),
  url_username: text.optional().describe('User for basic authentication.'),
  url_password: text.optional().describe('Password for it.'),
  user: text.optional().describe('The same as `url_username`; so is `username`.'),
  username: text.optional().describe('The same as `url_username`.'),
  password: text.optional().describe('The same as `url_password`.'),
  force_basic_auth: flag
    .default(true)
    .describe('Taken for the sake of old playbooks: user and password are always sent at once.'),
  timeout: seconds.default(30).describe('Seconds without an answer after which the request is given up.'),
  validate_certs: flag.default(true).describe('Refuse a server whose certificate cannot be verified.'),
};

type Args = z.output<z.ZodObject<typeof requestArgs>>;

/** The request without what hangs on the module: by default a GET that follows redirects. */
export function requestOf({
  url,
  headers,
  url_username,
  url_password,
  user,
  username,
  password: own,
  timeout,
  validate_certs,
}: Args): HttpRequest {
  const parsed = new URL(url);
  const name = url_username ?? user ?? username ?? decodeURIComponent(parsed.username);
  const password = url_password ?? own ?? decodeURIComponent(parsed.password);
  return {
    url: shownUrl(url),
    method: 'GET',
    headers,
    ...(name && { user: { name, password } }),
    timeout,
    follow: true,
    verify: validate_certs,
  };
}

/** What of a request must not be seen: the password in each of its forms, and headers that are keys to something. */
export function requestSecrets(args: Args): string[] {
  const { user, headers } = requestOf(args);
  const { password } = new URL(args.url);
  return [
    ...(user ? [user.password, basic(user)] : []),
    password,
    ...Object.entries(headers).flatMap(([name, value]) => (isSecret(name) ? [value] : [])),
  ].filter(Boolean);
}

/** Whether a header of this name lets its sender in. */
export function isSecret(name: string): boolean {
  return /auth|token|cookie|key|secret|session/i.test(name);
}

/** User and password as HTTP's basic authentication sends them. */
export function basic({ name, password }: NonNullable<HttpRequest['user']>): string {
  return Buffer.from(`${name}:${password}`).toString('base64');
}

/** The address without user and password; ASCII without blanks and quotes. */
export function shownUrl(url: string): string {
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
}

/** The last part of the address's path as a file's name; undefined where it has none. */
export function fileNameOf(url: string): string | undefined {
  const name = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    const plain = decodeURIComponent(name);
    return /[/\0]/.test(plain) || /^\.*$/.test(plain) ? undefined : plain;
  } catch {
    return name;
  }
}

function isUrl(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}
