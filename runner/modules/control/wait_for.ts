import * as z from 'zod';
import { raw, sh } from '../../model/script.ts';
import { ereProblem, toEre } from '../../language/regex/ere.ts';
import { port, seconds, text } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';

const args = z
  .strictObject({
    host: z.string().default('127.0.0.1').describe('Where the port is; asked from the target host.'),
    port: port.optional().describe('TCP port to wait for.'),
    path: z.string().optional().describe('File to wait for.'),
    search_regex: z
      .string()
      .optional()
      .describe('With `path`: wait until a line of the file matches this regular expression, as Python has them.'),
    state: z
      .enum(['started', 'present', 'stopped', 'absent'])
      .default('started')
      .describe('`started`, `present`: it is there; `stopped`, `absent`: it is not.'),
    timeout: seconds.default(300).describe('Seconds until the task fails.'),
    sleep: seconds
      .refine((value) => value > 0, 'expected a time above 0')
      .default(1)
      .describe('Seconds between two looks.'),
    delay: seconds.default(0).describe('Seconds before the first look; they count for `timeout`.'),
    connect_timeout: seconds
      .refine((value) => value > 0, 'expected a time above 0')
      .default(5)
      .describe('Seconds within which the port must answer; nc and bash take whole ones.'),
    msg: text.optional().describe('What the task says where it fails for want of time.'),
  })
  .refine(({ port, path }) => port === undefined || path === undefined, "expected either 'port' or 'path', found both")
  .superRefine(({ search_regex }, issues) => {
    const problem = search_regex === undefined ? undefined : ereProblem(search_regex);
    if (problem) issues.addIssue({ code: 'custom', path: ['search_regex'], message: problem });
  })
  .refine(({ search_regex, path }) => search_regex === undefined || path !== undefined, 'search_regex is for a path');

export default defineModule<typeof args, 'there' | 'missing' | 'unmatched' | 'no tool'>({
  name: 'wait_for',
  summary: 'Wait for a port or a file',
  traits: { opaque: true, timed: 'elapsed' },
  notes: [
    'A port is tried with what the host has: nc, bash or python3. A check does not wait: what is not there yet is unknown.',
    'Without a port and a path it waits for `timeout` seconds.',
  ],
  examples: `
- wait_for:
    port: 2377
    timeout: 60
`,
  returns: {
    state: 'What was waited for.',
    port: 'The port.',
    path: 'The path.',
    search_regex: 'The pattern.',
    elapsed: 'Seconds that it took.',
  },
  args,
  delay: ({ delay }) => delay,
  probe: ({ host, port, path, search_regex, connect_timeout }) =>
    path !== undefined
      ? lookAtFile(path, search_regex)
      : port === undefined
        ? undefined
        : lookAtPort(host, port, Math.ceil(connect_timeout)),
  parse({ stdout }) {
    const word = stdout.trim();
    if (word === 'there' || word === 'unmatched' || word === 'no tool' || word === 'missing') return word;
    throw new Error(`expected whether it is there, found '${word}'`);
  },
  decide({ host, port, path, search_regex, state, timeout, sleep, delay, msg }, found) {
    const result = { state, port: port ?? null, path: path ?? null, search_regex: search_regex ?? null };
    if (port === undefined && path === undefined)
      return { kind: 'ok', result, steps: [{ do: 'sleep', seconds: Math.max(0, timeout - delay) }] };
    if (found === 'no tool')
      return { kind: 'fail', message: 'this host has no nc, bash or python3 to try a port with' };
    const wanted = state === 'started' || state === 'present' ? 'there' : 'missing';
    if (found === wanted || (wanted === 'missing' && found === 'unmatched')) return { kind: 'ok', result };
    const what = port === undefined ? path! : `${host}:${port}`;
    const why =
      found === 'unmatched'
        ? `${what} is there, but no line of it matches '${search_regex}'`
        : `${what} is ${wanted === 'there' ? 'not there yet' : 'still there'}`;
    return { kind: 'wait', why, interval: sleep, timeout, ...(msg !== undefined && { message: msg }) };
  },
});

function lookAtFile(path: string, regex?: string) {
  const matches = regex === undefined ? sh`:` : sh`grep -Eq ${toEre(regex)} -- ${path}`;
  // grep exits with 1 where nothing matches; everything above is an error of its own.
  return sh`if [ ! -e ${path} ]; then echo missing; elif ${matches}; then echo there; else _r=$?; [ $_r -le 1 ] || exit $_r; echo unmatched; fi`;
}

/** Three ways, for a minimal host has but one of them. */
function lookAtPort(host: string, port: number, seconds: number) {
  const code = 'import socket,sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), int(sys.argv[3]))';
  // A program that does not run, or does not know its options, says nothing about the port.
  return raw(`o=; if command -v nc >/dev/null 2>&1 && o=$(${sh`nc -z -w ${seconds} ${host} ${port}`.text} 2>&1; r=$?; echo; echo "$r"; exit $r); then echo there; exit 0
else case $o in *[uU]sage*|*"nvalid option"*|*nrecognized*|'') ;; *) r=\${o##*
}; [ "$r" -lt 126 ] || { echo "nc failed with exit status $r" >&2; exit 1; }; echo missing; exit 0;; esac; fi
if command -v bash >/dev/null 2>&1; then ${sh`timeout ${seconds} bash -c ${'exec 3<>"/dev/tcp/$0/$1"'} ${host} ${port}`.text} >/dev/null 2>&1
elif command -v python3 >/dev/null 2>&1; then ${sh`python3 -c ${code} ${host} ${port} ${seconds}`.text} >/dev/null 2>&1
else echo 'no tool'; exit 0; fi
r=$?; case $r in 0) echo there;; 12[5-7]|12[89]|1[3-9]?|2??) echo "the port cannot be tried: exit status $r" >&2; exit 1;; *) echo missing;; esac`);
}
