import { createHash } from 'node:crypto';
import * as z from 'zod';
import { argv, raw, sequence, sh, withStdin } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { flag, text } from '../../../model/arguments/scalars.ts';
import type { Decision, ProbeResult } from '../../../model/module.ts';
import { dockerJson } from '../api/docker-json.ts';
import { asking, troubleOf } from '../api/reach.ts';
import type { Trouble } from '../api/reach.ts';

/** The arguments of a secret or a config of a swarm. */
export const contentArgs = z
  .strictObject({
    name: text
      .pipe(z.string().regex(/^[A-Za-z0-9][\w.-]*$/, 'expected letters, digits, _, - and .'))
      .describe('Its name.'),
    data: text.optional().describe('Its content.'),
    data_is_b64: flag.default(false).describe('The content is encoded by Base64.'),
    labels: z.record(z.string(), text).default({}).describe('Its labels.'),
    force: flag.default(false).describe('Make it anew although the content is known to be the same.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether the swarm has it.'),
  })
  .refine(({ state, data }) => state === 'absent' || data !== undefined, { message: 'expected data', path: ['data'] });

/** Their values. */
export type ContentArgs = z.output<typeof contentArgs>;

/** What the swarm has of that name. */
export interface ContentState {
  found?: { id: string; labels: Record<string, string> };
}

/** What a swarm calls it: `docker secret`, `docker config`. */
export type Word = 'secret' | 'config';

/** Swarm shows no secret again: its hash is kept as a label, as Ansible does. */
const LABEL = 'ansible_key';

/** Reads {@link ContentState}. */
export const probeContent = (word: Word, name: string): Script =>
  asking(
    sh`if o=$(docker ${raw(word)} inspect --format '{{json .}}' ${name} 2>&1); then printf '%s\\n' "$o"; else case $o in *'o such'*|*'not found'*) echo none;; *) printf '%s\\n' "$o" >&2; exit 1;; esac; fi`,
  );

/** What {@link probeContent} printed. Throws for output it cannot understand. */
export function parseContent(probe: ProbeResult): ContentState | Trouble {
  const trouble = troubleOf(probe);
  if (trouble) return trouble;
  if (probe.rc !== 0) throw new Error(probe.stderr.trim());
  if (probe.stdout.trim() === 'none') return {};
  const { ID, Spec } = dockerJson<{ ID: string; Spec: { Labels: Record<string, string> | null } }>(probe.stdout);
  return { found: { id: ID, labels: Spec.Labels ?? {} } };
}

/** A content cannot be changed: it is made anew, which Docker refuses while a service uses it. */
export function decideContent(word: Word, args: ContentArgs, { found }: ContentState): Decision<ContentState> {
  const { name } = args;
  const what = `${word} ${name}`;
  const result = { [`${word}_id`]: found?.id ?? '', [`${word}_name`]: name };
  const remove = argv('docker', word, 'rm', name, raw('>/dev/null'));
  if (args.state === 'absent')
    return found === undefined
      ? { kind: 'ok', result }
      : {
          kind: 'change',
          diff: [{ what, before: 'present', after: null }],
          steps: [{ do: 'run', script: remove }],
          after: {},
          result,
        };
  const data = Buffer.from(args.data ?? '', args.data_is_b64 ? 'base64' : 'utf8');
  const labels = { ...args.labels, [LABEL]: createHash('sha224').update(data).digest('hex') };
  const wrong = Object.entries(labels).filter(([key, value]) => found?.labels[key] !== value);
  if (found !== undefined && wrong.length === 0 && !args.force) return { kind: 'ok', result };
  const pairs = Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]);
  const create = argv('docker', word, 'create', pairs, name, '-', raw('>/dev/null'));
  const script = withStdin(found === undefined ? create : sequence(remove, create), data);
  const diff =
    found === undefined || wrong.length === 0
      ? [{ what, before: found === undefined ? null : 'present', after: found === undefined ? 'present' : 'made anew' }]
      : wrong.map(([key, value]) =>
          key === LABEL
            ? { what: `${what} content`, before: '(another one)', after: '(as given)' }
            : { what: `${what} label ${key}`, before: found.labels[key] ?? null, after: value },
        );
  return { kind: 'change', diff, steps: [{ do: 'run', script }], after: { found: { id: '', labels } }, result };
}
