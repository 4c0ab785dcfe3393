import type { Diff } from '../../model/events.ts';
import type { PutFile } from '../../model/transport/host-shell.ts';
import type { LocalFile } from '../../model/local-file.ts';
import type { Script } from '../../model/script.ts';
import type { DecideContext, Decision, Result } from '../../model/module.ts';
import { attributeChange, isUser } from './attributes.ts';
import type { Attributes } from './attributes.ts';
import { resolveMode } from './mode.ts';
import { refusePlacement } from './placement.ts';
import { textOf } from '../../model/host-text.ts';
import { DIFF_LIMIT, EDIT_LIMIT, sha256 } from './file-state.ts';
import type { FileState } from './file-state.ts';

/** What a file is to be: its content and who may use it. */
export interface Wanted extends Attributes {
  content: Buffer | LocalFile;
  /** Run on the new file before it replaces the old one; its path is `$1`. */
  validate?: Script | undefined;
  backup?: boolean | undefined;
  /** False: an existing file's content is left as it is. */
  force?: boolean | undefined;
}

/** Compares a file's content and attributes with the wanted ones; shared by everything that writes whole files. */
export function decideContent(
  path: string,
  wanted: Wanted,
  state: FileState,
  context: DecideContext,
): Decision<FileState> {
  const refused = refusePlacement(path, state, context);
  if (refused) return refused;
  const checksum = Buffer.isBuffer(wanted.content) ? sha256(wanted.content) : wanted.content.sha256;
  const result = { dest: path, checksum };
  const keep = state.type === 'file' && (state.sha256 === checksum || wanted.force === false);
  if (!keep) return replace(path, wanted, state, checksum);
  const { diff, steps, after } = attributeChange(path, wanted, state);
  if (steps.length === 0) return { kind: 'ok', result: { ...result, ...attributesOf(state) } };
  return { kind: 'change', diff, steps, after, result: { ...result, ...attributesOf(after) } };
}

function replace(path: string, wanted: Wanted, state: FileState, checksum: string): Decision<FileState> {
  const old = state.type === 'file';
  const after = newState(wanted, old ? state : undefined, checksum);
  const file: PutFile = { path, content: wanted.content };
  if (wanted.mode) file.mode = resolveMode(wanted.mode, old ? state.mode : undefined, false);
  // The new file is another inode: who owned the old one keeps it.
  const owner = wanted.owner ?? (old ? state.owner : undefined);
  const group = wanted.group ?? (old ? state.group : undefined);
  if (owner) file.owner = owner;
  if (group) file.group = group;
  if (wanted.validate) file.validate = wanted.validate;
  if (wanted.backup && old) file.backup = true;
  const diff: Diff[] = [{ what: path, before: shownState(state), after: shownContent(wanted.content, checksum) }];
  if (old) diff.push(...attributeChange(path, wanted, state).diff);
  // The other names stay with the old content.
  if (old && (state.links ?? 1) > 1) diff.push({ what: `${path} hard links`, before: String(state.links), after: '1' });
  return {
    kind: 'change',
    diff,
    steps: [{ do: 'put', file }],
    after,
    result: { dest: path, checksum, ...attributesOf(after) },
  };
}

function newState(wanted: Wanted, old: FileState | undefined, checksum: string): FileState {
  const text = contentText(wanted.content);
  const after: FileState = { ...old, type: 'file', sha256: checksum, size: sizeOf(wanted.content) };
  if (wanted.mode) after.mode = resolveMode(wanted.mode, old?.mode, false);
  if (wanted.owner && !isUser(wanted.owner, old?.owner, old?.uid))
    Object.assign(after, { owner: wanted.owner, uid: undefined });
  if (wanted.group && !isUser(wanted.group, old?.group, old?.gid))
    Object.assign(after, { group: wanted.group, gid: undefined });
  for (const key of ['content', 'parent', 'missing', 'target', 'real', 'inside', 'leads', 'links'] as const)
    delete after[key];
  if (text !== undefined) after.content = text;
  return after;
}

function attributesOf({ mode, owner, group, size, uid, gid }: FileState): Result {
  return {
    mode,
    owner,
    group,
    size,
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
    state: 'file',
  };
}

function shownState(state: FileState): string | null {
  if (state.type === 'absent') return null;
  if (state.type === 'link') return `(a link to ${state.target ?? '?'})`;
  if (state.type !== 'file') return '(no regular file)';
  const text = (state.size ?? 0) <= DIFF_LIMIT ? readable(state.content) : undefined;
  return text ?? `(${state.size ?? '?'} bytes, sha256 ${state.sha256 ?? '?'})`;
}

function shownContent(content: Buffer | LocalFile, checksum: string): string {
  const text = sizeOf(content) <= DIFF_LIMIT ? readable(contentText(content)) : undefined;
  return text ?? `(${sizeOf(content)} bytes, sha256 ${checksum})`;
}

function contentText(content: Buffer | LocalFile): string | undefined {
  const bytes = Buffer.isBuffer(content) ? content : content.content;
  return bytes && bytes.length <= EDIT_LIMIT ? textOf(bytes) : undefined;
}

/** A text that people can read in a diff: UTF-8 without NULs. */
function readable(text: string | undefined): string | undefined {
  return text !== undefined && /[\0\ud800-\udfff]/u.test(text) ? undefined : text;
}

function sizeOf(content: Buffer | LocalFile): number {
  return Buffer.isBuffer(content) ? content.length : content.size;
}
