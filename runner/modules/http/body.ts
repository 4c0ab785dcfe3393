import * as z from 'zod';
import { raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { flag } from '../../model/arguments/scalars.ts';
import type { DecideContext } from '../../model/module.ts';
import type { LocalFile } from '../../model/local-file.ts';

/** The arguments that say what a request sends. */
export const bodyArgs = {
  body: z.unknown().optional().describe('What to send.'),
  body_format: z
    .enum(['raw', 'json', 'form-urlencoded'])
    .default('raw')
    .describe('How to write a body that is not text; sets Content-Type.'),
  src: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A file to send as it is, instead of `body`: one of the controller, of up to 256 KiB, or with `remote_src` one of the host.',
    ),
  remote_src: flag.default(false).describe('The file is on the host already.'),
};

type Args = z.output<z.ZodObject<typeof bodyArgs>>;

const TYPES = { json: 'application/json', 'form-urlencoded': 'application/x-www-form-urlencoded', raw: undefined };

/** What is sent, and the Content-Type that follows from it. Of a file of the host the content is empty: {@link fromHost} gives it. */
export function bodyOf(args: Args, local: DecideContext['local']): [Buffer?, string?] {
  const { body, body_format, src } = args;
  if (src !== undefined) return [args.remote_src ? Buffer.alloc(0) : contentOf(local.src as LocalFile)];
  if (body === undefined) return [];
  const type = TYPES[body_format];
  if (body_format === 'form-urlencoded' && typeof body === 'object') {
    const pairs = Object.entries(body as object).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one) => [name, String(one)] as [string, string]),
    );
    return [Buffer.from(new URLSearchParams(pairs).toString()), type];
  }
  return [Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), type];
}

/** A request's script, which reads the host's file that is to be sent. */
export function fromHost({ src, remote_src }: Args, script: Script): Script {
  if (src === undefined || !remote_src) return script;
  const { text } = script;
  return raw(`[ -f ${quoted(src)} ] && [ -r ${quoted(src)} ] || { echo ${quoted(`${src} is not a file that can be read and sent`)} >&2; exit 1; }
{ ${text}
} < ${quoted(src)}`);
}

const quoted = (word: string) => sh`${word}`.text;

function contentOf({ path, content }: LocalFile): Buffer {
  if (content) return content;
  throw new Error(`${path} is longer than 256 KiB: copy it to the host first, and send it with remote_src: true`);
}
