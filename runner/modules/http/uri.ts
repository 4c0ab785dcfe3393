import * as z from 'zod';
import type { Script } from '../../model/script.ts';
import { flag, path, whole } from '../../model/arguments/scalars.ts';
import { decideGuarded, guardArgs, parseGuard, probeGuard } from '../shared/guard.ts';
import type { GuardState } from '../shared/guard.ts';
import { refusePlacement } from '../path/placement.ts';
import { probeFile } from '../path/probe.ts';
import { fileResource, parseFile, sha256 } from '../path/file-state.ts';
import type { FileState } from '../path/file-state.ts';
import { bodyArgs, bodyOf, fromHost } from './body.ts';
import { fileNameOf, requestArgs, requestOf, requestSecrets, shownUrl } from './request.ts';
import type { HttpRequest } from './request.ts';
import { parseResponse } from './response.ts';
import type { HttpResponse } from './response.ts';
import { requestScript } from './tools.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision, ProbeResult, Result } from '../../model/module.ts';

const READING = ['GET', 'HEAD', 'OPTIONS'];

const { chdir: _chdir, ...guards } = guardArgs;

const args = z
  .strictObject({
    ...requestArgs,
    method: z
      .string()
      .regex(/^[A-Za-z]+$/, 'expected a method of HTTP')
      .transform((method) => method.toUpperCase())
      .default('GET')
      .describe('GET, HEAD and OPTIONS change nothing, and are made in a check too; any other is unknown there.'),
    ...bodyArgs,
    status_code: z
      .union(
        [
          whole.transform((code) => [code]),
          z.array(whole),
          z
            .string()
            .regex(/^\d+(\s*,\s*\d+)*$/)
            .transform((list) => list.split(',').map(Number)),
        ],
        'expected a status, or several',
      )
      .default([200])
      .describe('The status, or list of them, that is expected; another one fails.'),
    dest: path
      .optional()
      .describe(
        'File of the host, or directory for one, to write the answer’s body to, with GET. It is changed only where its content differs.',
      ),
    mode: z
      .string()
      .regex(/^0?[0-7]{3,4}$/, "expected an octal mode, as '0644'")
      .optional()
      .describe('With `dest`: the mode of a file that is written.'),
    return_content: flag
      .default(false)
      .describe('Give the answer’s body as `content`; JSON is always there as `json`.'),
    follow_redirects: z
      .union([z.enum(['all', 'safe', 'none']), flag])
      .default('safe')
      .describe('`safe`: for GET and HEAD only.'),
    ...guards,
  })
  .refine(({ body, src }) => body === undefined || src === undefined, 'give either body or src')
  .refine(
    ({ method, remote_src, src }) => !remote_src || (src !== undefined && !READING.includes(method)),
    'remote_src needs src, and a method that changes something',
  )
  .refine(({ method, dest }) => dest === undefined || method === 'GET', 'dest is for GET')
  .refine(
    ({ method, creates, removes, check }) => !READING.includes(method) || (creates ?? removes ?? check) === undefined,
    'creates, removes and check are for methods that change something',
  );

type Args = z.output<typeof args>;
type State = { response: HttpResponse; file?: FileState } | { guard: GuardState } | undefined;

export default defineModule<typeof args, State>({
  name: 'uri',
  summary: 'Make an HTTP request from the host',
  traits: { timed: 'elapsed', readsElsewhere: true },
  notes: [
    'By curl or wget, whichever the host has. With busybox’s wget alone: GET and POST, and neither passwords nor verified HTTPS.',
    'A POST, PUT, PATCH or DELETE counts as a change; `creates`, `removes` or `check` say when it need not be made, and `changed_when` what it did.',
    'The answer is `status`, `url`, `json`, `content`, and each header by its name with underscores. `get_url` writes files.',
  ],
  examples: `
- name: Wait until the service is well
  uri:
    url: http://localhost:8080/health
  register: health
  until: health.status == 200
  retries: 30
  delay: 2
- uri:
    url: https://api.example.com/items
    method: POST
    body_format: json
    body: {name: one}
    url_username: me
    url_password: "{{password}}"
    status_code: [200, 201]
    check: test -e /etc/app/registered
`,
  returns: {
    status: 'The status of the answer.',
    url: 'The address that answered.',
    redirected: 'Whether it was another one than asked.',
    content: 'The body, with `return_content` or where the status is not wanted.',
    json: 'The body, where it is JSON.',
    cookies: 'Cookies that were set, by name.',
    cookies_string: 'The same as one header.',
    path: 'The file of the body, with `dest`.',
    '*': 'Headers of the answer, in lower case with `_` for `-`.',
  },
  args,
  local: { src: 'file' },
  localUnless: 'remote_src',
  fresh: true,
  secrets: requestSecrets,
  probeMayFail: true,
  probe: (args, local) => (READING.includes(args.method) ? asked(args, local) : probeGuard(args)),
  parse: (probe, args) => (READING.includes(args.method) ? answered(probe) : { guard: parseGuard(probe, args) }),
  decide(args, state, context) {
    if (state && 'response' in state) {
      const result = resultOf(args, state.response);
      if (result.failed !== true)
        return args.dest === undefined ? { kind: 'ok', result } : saved(args, state, result, context);
      // What a check does not do may be what the server waits for.
      if (context.check) return { kind: 'unknown', why: `${String(result.msg)}, by now`, steps: [] };
      return { kind: 'fail', message: String(result.msg), result };
    }
    const script = fromHost(args, requestScript(request(args, context.local), { into: 'stdout' }));
    const step = { do: 'run' as const, script };
    return decideGuarded(args, `${args.method} ${shownUrl(args.url)}`, step, state?.guard, context) as never;
  },
  result: (args, steps) => (steps[0] && !READING.includes(args.method) ? resultOf(args, parseResponse(steps[0])) : {}),
});

/** The request, and behind it the file that the answer goes to. */
function asked(args: Args, local: DecideContext['local']): Script {
  const script = requestScript(request(args, local), { into: 'stdout' });
  if (args.dest === undefined) return script;
  const name = fileNameOf(args.url);
  const file = probeFile(args.dest, { follow: true, checksum: true, ...(name && { into: name }) });
  return { ...script, text: `${script.text}\necho @@file\n( ${file.text}\n)` };
}

function answered(probe: ProbeResult): { response: HttpResponse; file?: FileState } {
  const [answer = '', file] = probe.stdout.split(/^@@file\n/m);
  return {
    response: parseResponse({ ...probe, stdout: answer }),
    ...(file !== undefined && { file: parseFile({ ...probe, stdout: file }) }),
  };
}

/** Writes the body where the file does not hold it already. */
function saved(
  args: Args,
  { response, file }: { response: HttpResponse; file?: FileState },
  result: Result,
  context: DecideContext,
): Decision<State> {
  const found = file ?? { type: 'absent' as const };
  const target = found.inside ?? (args.dest as string);
  const refused = refusePlacement(
    target,
    found.inside !== undefined && found.type === 'directory' ? { type: 'directory' } : found,
    context,
  );
  if (refused) return refused as Decision<State>;
  const { body } = response;
  if (found.type === 'file' && found.sha256 === sha256(body))
    return { kind: 'ok', result: { ...result, path: target } };
  const { owner, group } = found;
  const mode = args.mode ?? found.mode ?? '0644';
  const before = found.type === 'file' ? `(${found.size ?? '?'} bytes)` : null;
  return {
    kind: 'change',
    diff: [{ what: target, before, after: `(from ${shownUrl(args.url)}, ${body.length} bytes)` }],
    steps: [
      {
        do: 'put',
        file: { path: found.real ?? target, content: body, mode, ...(owner && { owner }), ...(group && { group }) },
      },
    ],
    plans: { [fileResource(target)]: { type: 'file', mode, sha256: sha256(body), size: body.length } },
    result: { ...result, path: target },
  };
}

function request(args: Args, local: DecideContext['local']): HttpRequest {
  const { method, follow_redirects: follow, headers } = args;
  const [body, type] = bodyOf(args, local);
  const typed = type !== undefined && !Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  const follows = follow === 'all' || follow === true || (follow === 'safe' && ['GET', 'HEAD'].includes(method));
  return {
    ...requestOf(args),
    method,
    headers: typed ? { ...headers, 'Content-Type': type } : headers,
    ...(body !== undefined && { body }),
    follow: follows,
  };
}

function resultOf(args: Args, { status, headers, body, url, redirected, problem }: HttpResponse): Result {
  const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.replaceAll('-', '_'), value]));
  const wanted = args.status_code.includes(status);
  const type = (headers['content-type'] ?? '').split(';')[0] ?? '';
  const json = /[/+]json$/i.test(type.trim()) ? parsed(body) : undefined;
  const cookies = cookiesOf(headers['set-cookie']);
  const result: Result = {
    ...named,
    status,
    url: url === undefined ? shownUrl(args.url) : shownUrl(url),
    redirected: redirected ?? false,
    ...(json !== undefined && { json }),
    cookies,
    cookies_string: Object.entries(cookies)
      .map(([name, value]) => `${name}=${value}`)
      .join('; '),
    ...((args.return_content || !wanted) && { content: body.toString() }),
  };
  if (wanted) return { ...result, msg: `${status} (${body.length} bytes)` };
  const found =
    status === -1
      ? `no answer from ${shownUrl(args.url)}: ${problem ?? ''}`
      : `${shownUrl(args.url)} answered ${status}; expected ${args.status_code.join(' or ')}`;
  return { ...result, failed: true, msg: found };
}

/** Several of them come as one header, with commas between, as dates have them, too. */
function cookiesOf(header = ''): Record<string, string> {
  const pairs = header
    .split(/,\s*(?=[^\s;,=]+=)/)
    .flatMap((one) => /^\s*([^\s;=]+)=([^;]*)/.exec(one)?.slice(1, 3) ?? []);
  return Object.fromEntries(pairs.flatMap((name, i) => (i % 2 === 0 ? [[name, pairs[i + 1] as string]] : [])));
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    return undefined;
  }
}
