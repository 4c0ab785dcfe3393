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
import type { Decision } from '../../model/module.ts';

const args = z.strictObject({
  ...requestArgs,
  dest: destination,
  checksum: checksum.describe(
    '`ALGORITHM:HEX`, or 64 digits of SHA-256: what comes must have it, and a file that has it is not fetched again.',
  ),
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
    'The checksum is what makes it safe and idempotent, so it must be given.',
  ],
  examples: `
- get_url:
    url: https://github.com/flannel-io/flannel/releases/download/v0.26.1/flanneld-amd64
    dest: /usr/local/bin/flanneld
    checksum: "sha256:{{flanneld_sha256}}"
    mode: '0755'
`,
  args,
  secrets: requestSecrets,
  resource: (args) => fileResource(destinationPath(placeOf(args))),
  probe(args) {
    const { name } = placeOf(args);
    const { algorithm } = args.checksum;
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
    return code === undefined ? {} : { status_code: Number(code) };
  },
});

function decideAt(path: string, args: Args, state: FileState): Decision<FileState> {
  const { algorithm, hex } = args.checksum;
  const result = { url: shownUrl(args.url), dest: path, checksum_src: hex, checksum_dest: hex };
  const found = algorithm === 'sha256' ? state.sha256 : state.digest;
  if (state.type === 'file' && found === hex) {
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
    { what: path, before, after: `(from ${shownUrl(args.url)}, ${algorithm} ${hex})` },
    ...(old ? attributeChange(path, args, old).diff : []),
  ];
  const after: FileState = {
    type: 'file',
    mode,
    sha256: algorithm === 'sha256' ? hex : '',
    digest: hex,
    ...(owner !== undefined && { owner }),
    ...(group !== undefined && { group }),
  };
  return {
    kind: 'change',
    diff,
    steps: [{ do: 'run', script: download(path, args, { mode, owner, group }), touches: [path] }],
    after,
    result,
  };
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
f=$t
${copyScript(raw('"$f"'), { path, mode, backup: args.backup, ...(owner !== undefined && { owner }), ...(group !== undefined && { group }) })} || exit
printf '%s\n' "$m"`;
}

function placeOf({ dest, url }: Args): Destination {
  return { dest, name: fileNameOf(url) };
}
