import type { Diff } from '../../model/events.ts';
import { sh } from '../../model/script.ts';
import { sha256 } from '../path/file-state.ts';
import type { FileState } from '../path/file-state.ts';
import type { Step } from '../../model/module.ts';
import { FIELDS, entriesFor, withFstabEntry } from './fstab.ts';
import type { FstabEntry } from './fstab.ts';
import type { Wanted } from './wanted.ts';

/** The change of fstab that a task needs, field by field; undefined where it is right. */
export function fstabChange(
  wanted: Wanted,
  file: FileState,
): { diff: Diff[]; steps: Step[]; after: FileState } | undefined {
  const { path, fstab, src } = wanted;
  const content = file.content ?? '';
  const [found, ...further] = entriesFor(path, src, content);
  const entry = wanted.state.startsWith('absent') ? undefined : entryOf(wanted);
  const what = `${path === 'none' ? src : path} in ${fstab}`;
  const diff = [
    ...differences(what, found, entry),
    ...(entry ? further.map((one) => ({ what: `${what}, again`, before: shown(one), after: null })) : []),
  ];
  if (diff.length === 0) return undefined;
  const text = withFstabEntry(path, src, entry, content);
  const { mode = '0644', owner, group } = file;
  const put: Step = {
    do: 'put',
    file: {
      path: file.real ?? fstab,
      content: Buffer.from(text),
      mode,
      ...(owner && { owner }),
      ...(group && { group }),
      ...(wanted.backup && file.type === 'file' && { backup: true }),
    },
  };
  // systemd makes units of fstab, and would go on with those of the old one.
  const reload: Step = { do: 'run', script: sh`if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi` };
  return {
    diff,
    steps: fstab === '/etc/fstab' ? [put, reload] : [put],
    after: { ...file, type: 'file', mode, content: text, sha256: sha256(text), size: Buffer.byteLength(text) },
  };
}

function entryOf({ src = '', path, fstype = '', opts, dump, passno }: Wanted): FstabEntry {
  return { src, path, fstype, opts, dump: String(dump), passno: String(passno) };
}

function differences(what: string, found: FstabEntry | undefined, wanted: FstabEntry | undefined): Diff[] {
  if (!found && !wanted) return [];
  if (!found || !wanted) return [{ what, before: shown(found), after: shown(wanted) }];
  return FIELDS.filter((field) => found[field] !== wanted[field]).map((field) => ({
    what: `${what}: ${field}`,
    before: found[field],
    after: wanted[field],
  }));
}

function shown(entry: FstabEntry | undefined): string | null {
  return entry ? FIELDS.map((field) => entry[field]).join(' ') : null;
}
