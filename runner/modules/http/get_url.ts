import * as z from 'zod';
import { copyScript } from '../../connection/files/put-script.ts';
import { TAG, aside } from '../../connection/files/leftovers.ts';
import { atExit, raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { flag } from '../../model/arguments/scalars.ts';
import { attributeArgs, attributeChange } from '../path/attributes.ts';
import { destination, destinationPath, planElsewhere, resolveDestination } from '../path/destination.ts';
import type { Destination } from '../path/destination.ts';
import { resolveMode } from '../path/mode.ts';
import { refusePlacement } from '../path/placement.ts';
import { probeFile } from '../path/probe.ts';
import { fileResource, parseFile } from '../path/file-state.ts';
import type { FileState } from '../path/file-state.ts';
import { fileNameOf, requestArgs, requestOf, requestSecrets, shownUrl } from './request.ts';
import { checksum, fetchVerified } from './verified.ts';
import { defineModule } from '../../model/module.ts';
import type { Decision, Step } from '../../model/module.ts';
import { FILE_RETURNS } from '../shared/returns.ts';

const args = z.strictObject({
  ...requestArgs,
  dest: destination,
  checksum: checksum
    .optional()
    .describe(
      '`ALGORITHM:HEX`, or 64 digits of SHA-256: what comes must have it, and a file that has it is not fetched again. Without it nobody notices what else has come.',
    ),
  force: flag
    .default(false)
    .describe('Without a checksum: fetch also where there is a file, and replace it if what comes differs.'),
  backup: flag.default(false).describe('Keep the old content beside the new one.'),
  ...attributeArgs,
});

type Args = z.output<typeof args>;

export default defineModule<typeof args, FileState>({
  name: 'get_url',
  summary: 'Have a file from an HTTP server on the host',
  traits: { timed: 'elapsed' },
  notes: [
    'By curl or wget, whichever the host has. What comes is verified beside its place and then moved there at once.',
    'The checksum is what makes it safe. Without one (a warning) a file that is there is not fetched again, unless `force` says so; a check then cannot know whether it would change.',
  ],
  examples: `
- get_url:
    url: https://github.com/flannel-io/flannel/releases/download/v0.26.1/flanneld-amd64
    dest: /usr/local/bin/flanneld
    checksum: "sha256:{{flanneld_sha256}}"
    mode: '0755'
`,
  returns: {
    url: 'Where it came from.',
    checksum_src: 'Checksum of what came.',
    checksum_dest: 'Checksum of what was there before.',
    status_code: 'The status of the answer.',
    ...FILE_RETURNS,
  },
  args,
  advice: ({ checksum }) =>
    checksum === undefined
      ? 'without checksum it is not noticed when something else comes from the address'
      : undefined,
  secrets: requestSecrets,
  resource: (args) => fileResource(destinationPath(placeOf(args))),
  probe(args) {
    const { name } = placeOf(args);
    const { algorithm } = args.checksum ?? { algorithm: 'sha256' };
    return probeFile(destinationPath(placeOf(args)), {
      follow: true,
      checksum: true,
      digest: algorithm === 'sha256' ? undefined : algorithm,
      ...(name && { into: name }),
    });
  },
  parse: parseFile,
  decide(args, found, context) {
    const { path, state, moved } = resolveDestination(placeOf(args), found, context);
    const decision = refusePlacement(path, state, context) ?? decideAt(path, args, state);
    if (moved) planElsewhere(decision, path);
    return decision;
  },
  result: (_args, steps) => {
    const code = steps.map(({ stdout }) => /^(\d{3})$/m.exec(stdout)?.[1]).find(Boolean);
    const same = steps.some(({ stdout }) => stdout.includes(unchanged));
    return { ...(code !== undefined && { status_code: Number(code) }), ...(same && { changed: false }) };
  },
});

/** What the step prints where a file already holds what has come. */
const unchanged = 'unchanged=yes';

function decideAt(path: string, args: Args, state: FileState): Decision<FileState> {
  const { algorithm, hex } = args.checksum ?? { algorithm: 'sha256', hex: undefined };
  const sums = hex === undefined ? {} : { checksum_src: hex, checksum_dest: hex };
  const result = { url: shownUrl(args.url), dest: path, ...sums };
  const found = algorithm === 'sha256' ? state.sha256 : state.digest;
  const there = state.type === 'file' && (hex === undefined ? !args.force : found === hex);
  if (there) {
    const { diff, steps, after } = attributeChange(path, args, state);
    return steps.length === 0 ? { kind: 'ok', result } : { kind: 'change', diff, steps, after, result };
  }
  const old = state.type === 'file' ? state : undefined;
  const mode = resolveMode(args.mode ?? old?.mode ?? '0644', old?.mode, false);
  const owner = args.owner ?? old?.owner;
  const group = args.group ?? old?.group;
  const before =
    state.type === 'absent' ? null : old ? `(${old.size ?? '?'} bytes, ${algorithm} ${found ?? '?'})` : state.type;
  const diff = [
    { what: path, before, after: `(from ${shownUrl(args.url)}${hex === undefined ? '' : `, ${algorithm} ${hex}`})` },
    ...(old ? attributeChange(path, args, old).diff : []),
  ];
  const after: FileState = {
    type: 'file',
    mode,
    sha256: (algorithm === 'sha256' && hex) || '',
    ...(hex !== undefined && { digest: hex }),
    ...(owner !== undefined && { owner }),
    ...(group !== undefined && { group }),
  };
  const steps: Step[] = [{ do: 'run', script: download(path, args, { mode, owner, group }), touches: [path] }];
  if (old && hex === undefined) return { kind: 'unknown', why: `what is at ${shownUrl(args.url)}`, steps, result };
  return { kind: 'change', diff, steps, after, result };
}

/** To a file of its own that no other user may write to, verified, and from there to its place by the one writer. */
function download(
  path: string,
  args: Args,
  { mode, owner, group }: { mode: string; owner?: string | undefined; group?: string | undefined },
): Script {
  return sh`${raw(TAG)}
t=$(mktemp ${raw(aside())}) || exit
${atExit('rm -f "$t"')}
${fetchVerified(requestOf(args), args.checksum)}
${args.checksum === undefined && sh`if cmp -s "$t" ${path}; then echo ${unchanged}; printf '%s\n' "$m"; exit 0; fi`}
f=$t
${copyScript(raw('"$f"'), { path, mode, backup: args.backup, ...(owner !== undefined && { owner }), ...(group !== undefined && { group }) })} || exit
printf '%s\n' "$m"`;
}

function placeOf({ dest, url }: Args): Destination {
  return { dest, name: fileNameOf(url) };
}
