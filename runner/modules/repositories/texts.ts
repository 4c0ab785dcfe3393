import { raw, sh, tame } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { bytesOf, textOf } from '../../model/host-text.ts';
import type { DecideContext, Decision, Step } from '../../model/module.ts';
import { fileResource, sha256 } from '../path/file-state.ts';
import type { FileState } from '../path/file-state.ts';
import { TAKE, takenOf } from '../path/taken.ts';

/** Texts of files by path; bytes that are not UTF-8 keep their value. */
export type Texts = Record<string, string>;

/** Reads all files that exist of `paths`, which may be patterns for the shell: constants, or made of names without blanks and quotes. */
export function probeTexts(paths: readonly string[]): Script {
  return tame(
    raw(`${TAKE}
for _f in ${paths.join(' ')}; do [ -f "$_f" ] || continue; echo "@file $_f"; _take "$_f" || return; done; echo @end`),
  );
}

/** What {@link probeTexts} printed. Throws an Error where that is incomplete. */
export function parseTexts({ stdout }: { stdout: string }): Texts {
  return Object.fromEntries(Object.entries(parseFiles(stdout)).map(([path, bytes]) => [path, textOf(bytes)]));
}

/** The same as bytes. */
export function parseFiles(stdout: string): Record<string, Buffer> {
  if (!/(^|\n)@end\n$/.test(stdout)) throw new Error('the files were not read to their end');
  return Object.fromEntries(
    stdout
      .split(/^@file /m)
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf('\n')), takenOf(part)] as const),
  );
}

/** The texts as earlier tasks of a check would have left them. */
export function plannedTexts(texts: Texts, paths: readonly string[], context: Pick<DecideContext, 'planned'>): Texts {
  const now = { ...texts };
  for (const path of [...Object.keys(texts), ...paths]) {
    const file = context.planned(fileResource(path)) as FileState | undefined;
    if (file?.type === 'absent') delete now[path];
    else if (file?.content !== undefined) now[path] = file.content;
  }
  return now;
}

/** The change from one set of texts to another: files are written with `mode`, those that are left out are removed. */
export function textsChange(
  before: Texts,
  after: Texts,
  mode: string | undefined,
): Extract<Decision<Texts>, { kind: 'change' }> {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (path) => before[path] !== after[path],
  );
  const plans: Record<string, FileState> = {};
  const steps = paths.map((path): Step => {
    const content = after[path];
    if (content === undefined) {
      plans[fileResource(path)] = { type: 'absent' };
      return { do: 'run', script: sh`rm -f ${path}`, touches: [path] };
    }
    const bytes = bytesOf(content);
    plans[fileResource(path)] = {
      type: 'file',
      content,
      sha256: sha256(bytes),
      size: bytes.length,
      ...(mode && { mode }),
    };
    return { do: 'put', file: { path, content: bytes, ...(mode && { mode }) } };
  });
  const diff = paths.map((path) => ({ what: path, before: before[path] ?? null, after: after[path] ?? null }));
  return { kind: 'change', diff, steps, plans };
}

/**
 * Runs `script`; where it fails, gives files the content that they had before the task, so that the next run does the task
 * again.
 */
export function orRestore(script: Script, before: Texts, paths: readonly string[]): Script {
  const restore = paths.map((path) => {
    const old = before[path];
    return old === undefined
      ? sh`rm -f ${path}`.text
      : sh`printf %s ${bytesOf(old).toString('base64')} | base64 -d >${path}`.text;
  });
  return raw(`(\n${script.text}\n) || { r=$?; ${restore.join('; ')}; exit $r; }`);
}
