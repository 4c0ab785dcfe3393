import { posix } from 'node:path';
import type { Diff } from '../../../model/events.ts';
import { raw, sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { INTO, WAY } from '../../../connection/files/way.ts';
import type { Step } from '../../../model/module.ts';
import { attributeChange, isUser } from '../../path/attributes.ts';
import type { Attributes } from '../../path/attributes.ts';
import { resolveMode } from '../../path/mode.ts';
import { modesBelow } from './modes.ts';
import type { FileState, LinkState, TreeEntry } from '../../path/file-state.ts';

/** More than this many differences are counted, not listed. */
const LISTED = 20;
/** No path holds two slashes in a row: they end a name, whatever is in it. */
const FORMAT = '%a %u %g %F|%U|%G|%n//';

/** Lists a directory and what is in it, links left aside; with `follow` also what these lead to, by the rule for links. */
export function listTree(path: string, follow: boolean): Script {
  // find takes only one pair of braces in a command.
  const linked = `${WAY}
for _f do [ -e "$_f" ]||continue;_way "$PWD/\${_f#./}"||{ echo "$_why" >&2;exit 1;}
if [ -d "$_W" ];then find "$_W" ! -type l -exec stat -c '${FORMAT}' '{''}' +;else stat -c '${FORMAT}' "$_W";fi||exit;done`;
  return sh`if [ -d ${path} ]; then cd -P ${path} && echo tree: && find . ! -type l -exec stat -c ${FORMAT} {} + || exit
${follow && sh`find . -type l -exec sh -c ${linked} sh {} + || exit`}
fi
:`;
}

/** What {@link listTree} printed below its heading. Throws for a text that was cut. */
export function parseTreeList(text: string): TreeEntry[] {
  if (text !== '' && !text.endsWith('//\n'))
    throw new Error(`the list of the directory is not complete: ${text.slice(-200)}`);
  return text
    .split('//\n')
    .slice(0, -1)
    .map((line) => {
      const [, mode = '', uid, gid, kind, owner = '', group = '', name = ''] =
        /^(\d+) (\d+) (\d+) ([^|]*)\|([^|]*)\|([^|]*)\|([^]+)$/.exec(line) ?? [];
      if (name === '') throw new Error(line);
      return {
        name,
        type: kind === 'directory' ? 'directory' : 'file',
        mode: mode.padStart(4, '0'),
        uid: Number(uid),
        gid: Number(gid),
        owner,
        group,
      };
    });
}

/** The attributes of a directory and of all that is in it; links stay as they are. */
export function recursiveChange(
  path: string,
  wanted: Attributes,
  state: LinkState,
): { diff: Diff[]; steps: Step[]; after: FileState } {
  const found: Record<'owner' | 'group' | 'mode', Diff[]> = { owner: [], group: [], mode: [] };
  const [inside, linked] = [true, false].map((own) =>
    (state.tree ?? []).filter(({ name }) => name.startsWith('.') === own),
  ) as [TreeEntry[], TreeEntry[]];
  const chowns = inside.some(
    ({ owner, group, uid, gid }) =>
      (wanted.owner && !isUser(wanted.owner, owner, uid)) || (wanted.group && !isUser(wanted.group, group, gid)),
  );
  for (const { name, type, mode, owner, group, uid, gid } of inside) {
    const differ = (attribute: 'owner' | 'group' | 'mode', before: string | undefined, after: string) =>
      found[attribute].push({ what: `${posix.join(path, name)} ${attribute}`, before: before ?? null, after });
    if (wanted.owner && !isUser(wanted.owner, owner, uid)) differ('owner', owner, wanted.owner);
    if (wanted.group && !isUser(wanted.group, group, gid)) differ('group', group, wanted.group);
    const left = chowns && type === 'file' && mode ? withoutSetId(mode) : mode;
    const right = wanted.mode ? resolveMode(wanted.mode, left, type === 'directory') : left;
    if (right && right !== mode) differ('mode', mode, right);
  }
  const commands: Script[] = [];
  if (wanted.owner && found.owner.length > 0) commands.push(sh`chown -hR -- ${wanted.owner} .`);
  if (wanted.group && found.group.length > 0) commands.push(sh`chgrp -hR -- ${wanted.group} .`);
  const chmod = wanted.mode && modesBelow(path, wanted.mode);
  const given =
    commands.length > 0 &&
    sh`(${raw(INTO)}
_into ${path}&&${raw(commands.map(({ text }) => text).join('&&'))})`;
  // As long as no other user owns the tree; and once more where giving it away clears set-id bits.
  const special = (mode: string | undefined) =>
    mode !== undefined && (/[st]/.test(mode) || /^0*[1-7]\d{3}$/.test(mode));
  const again = given && (special(wanted.mode) || inside.some(({ mode }) => special(mode)));
  const now = inside.some(
    ({ mode, type }) => wanted.mode && mode && resolveMode(wanted.mode, mode, type === 'directory') !== mode,
  );
  const scripts = [chmod && now && chmod, given, chmod && again && chmod].filter(
    (one) => one !== undefined && one !== false && one !== '',
  );
  const mode = wanted.mode && resolveMode(wanted.mode, state.mode, true);
  const after = {
    ...state,
    ...(wanted.owner && { owner: wanted.owner }),
    ...(wanted.group && { group: wanted.group }),
    ...(mode && { mode }),
    tree: [],
  };
  const more = linked.map(({ name, ...entry }) => attributeChange(name, wanted, entry));
  const diff = shortened([...found.owner, ...found.group, ...found.mode, ...more.flatMap((one) => one.diff)], path);
  return {
    diff,
    steps: [
      ...scripts.map((script) => ({ do: 'run' as const, script: script as Script })),
      ...more.flatMap((one) => one.steps),
    ],
    after,
  };
}

/** What chown leaves of a file's mode: see chown(2). */
function withoutSetId(mode: string): string {
  const bits = Number.parseInt(mode, 8) & ~0o4000;
  return (bits & 0o010 ? bits & ~0o2000 : bits).toString(8).padStart(4, '0');
}

function shortened(diff: Diff[], path: string): Diff[] {
  if (diff.length <= LISTED) return diff;
  const rest = diff.length - LISTED;
  return [
    ...diff.slice(0, LISTED),
    { what: `${path} and below`, before: `${rest} more that differ`, after: 'as given' },
  ];
}
