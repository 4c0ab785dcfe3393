import { posix } from 'node:path';
import { copyScript } from '../../connection/files/put-script.ts';
import { raw, sh } from '../../model/script.ts';
import { INTO, WAY } from '../../connection/files/way.ts';
import type { Script } from '../../model/script.ts';
import type { DecideContext, Decision, ProbeResult, Step } from '../../model/module.ts';
import { attributeChange } from './attributes.ts';
import type { Attributes } from './attributes.ts';
import { resolveMode } from './mode.ts';
import { refusePlacement } from './placement.ts';
import { probeFile } from './probe.ts';
import { parseFile } from './file-state.ts';
import type { FileState } from './file-state.ts';

/** A destination whose source is on the same host. */
export interface RemoteState extends FileState {
  source?: FileState;
  /** For directories: lines about files that are missing or other than the source's. */
  differences?: string[];
}

/** Reads a file or directory, and the one it is to be a copy of. */
export function probeRemote(src: string, dest: string, name: string, follow: boolean): Script {
  return sh`( ${probeFile(src, { follow: true, checksum: true })} ) || exit
echo dest:
( ${probeFile(dest, { follow, checksum: true, ...(src.endsWith('/') ? {} : { into: name }) })} ) || exit
[ ! -d ${src} ] || { echo diff:; cd ${src} && find . -type f -exec sha256sum {} + |
if cd ${directoryOf(src, dest)} 2>/dev/null; then sha256sum -c 2>/dev/null | grep -v ': OK$'; else echo ${directoryOf(src, dest)}: absent; fi; }
:`;
}

/** What {@link probeRemote} printed. */
export function parseRemote({ rc, stdout, stderr }: ProbeResult): RemoteState {
  const [source = '', rest = ''] = stdout.split(/^dest:\n/m);
  const [dest = '', diff] = rest.split(/^diff:\n/m);
  const state: RemoteState = {
    ...parseFile({ rc, stdout: dest, stderr }),
    source: parseFile({ rc, stdout: source, stderr }),
  };
  if (diff !== undefined) state.differences = diff.split('\n').filter(Boolean);
  return state;
}

/** Compares a copy with its source on the host. Directories are filled, never emptied. */
export function decideRemote(
  args: Attributes & { src?: string | undefined; force: boolean; backup?: boolean; follow: boolean },
  dest: string,
  state: RemoteState,
  context: DecideContext,
): Decision<RemoteState> {
  const { source = { type: 'absent' } } = state;
  const src = args.src as string;
  if (source.refused) return { kind: 'fail', message: source.refused };
  if (source.type === 'absent')
    return {
      kind: 'fail',
      message: `${src} does not exist on this host`,
      hint: 'Without remote_src: true the controller’s file is copied.',
    };
  if (source.type === 'directory') return decideDirectory(src, directoryOf(src, dest), state);
  const path = (args.follow ? state.real : undefined) ?? state.inside ?? dest;
  const refused = refusePlacement(
    path,
    { ...state, ...(state.type === 'file' && { sha256: state.sha256 ?? '' }) },
    context,
  );
  if (refused) return refused;
  const preserved = args.mode === 'preserve' ? source.mode : args.mode;
  const result = { src, dest: path, checksum: source.sha256 };
  if (state.type === 'file' && (state.sha256 === source.sha256 || !args.force)) {
    const { diff, steps, after } = attributeChange(path, { ...args, mode: preserved }, state);
    return steps.length === 0 ? { kind: 'ok', result } : { kind: 'change', diff, steps, after, result };
  }
  const mode = resolveMode(preserved ?? state.mode ?? '0644', state.mode, false);
  const owned = { ...(args.owner && { owner: args.owner }), ...(args.group && { group: args.group }) };
  const steps: Step[] = [
    { do: 'run', script: copyScript(sh`${src}`, { path, mode, ...owned, backup: args.backup ?? false }) },
  ];
  const before = state.type === 'file' ? `sha256 ${state.sha256 ?? '?'}` : null;
  return { kind: 'change', diff: [{ what: path, before, after: `sha256 ${source.sha256 ?? '?'}` }], steps, result };
}

/** cp writes through the links that it finds at its destination: none but those that root may follow. */
const NO_STRANGE_LINKS = `${WAY}
for f do [ ! -h "$0/\${f#./}" ] || _way "$0/\${f#./}" || { echo "$_why" >&2; exit 1; }; done`;

function decideDirectory(src: string, path: string, { differences = [] }: RemoteState): Decision<RemoteState> {
  const result = { src, dest: path };
  if (differences.length === 0) return { kind: 'ok', result };
  const script = sh`(${raw(INTO)}
_make ${path} '' '' && (cd -P ${src} && find . -exec sh -c ${NO_STRANGE_LINKS} "$_W" {} +) && cp -R -- ${src.replace(/\/*$/, '/.')} .)`;
  return {
    kind: 'change',
    diff: [{ what: path, before: differences.join('\n'), after: `as ${src}` }],
    steps: [{ do: 'run', script }],
    result,
  };
}

/** `src: conf` makes DEST/conf, `src: conf/` fills DEST itself. */
function directoryOf(src: string, dest: string): string {
  return src.endsWith('/') ? dest : posix.join(dest, posix.basename(src));
}
