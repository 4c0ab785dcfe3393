import type { LocalTree } from '../../../model/local-file.ts';
import { excluder } from '../../shared/exclude.ts';
import { resolveMode } from '../../path/mode.ts';

/** Which of an archive's members are to be unpacked, by the names they have in it, and how. */
export interface Chosen {
  include: string[];
  exclude: string[];
  /** Parts that are taken off the front of each name. */
  strip: number;
  mode?: string | undefined;
}

/** A name without its first parts; undefined where nothing is left of it. */
export function strippedName(name: string, strip: number): string | undefined {
  return name.split('/').slice(strip).join('/') || undefined;
}

/** The tree that is to be made of an archive's. */
export function chosenMembers(
  { files, directories, links, ...rest }: LocalTree,
  { include, exclude, strip, mode }: Chosen,
): LocalTree {
  const out = excluder(exclude);
  const included = excluder(include);
  const wanted = (name: string, directory = false) =>
    !out(name, directory) && (include.length === 0 || included(name, directory));
  const kept = [...files, ...links].filter(({ relative }) => wanted(relative));
  const around = new Set(
    kept.flatMap(({ relative }) => [...relative.matchAll(/\//g)].map(({ index }) => relative.slice(0, index))),
  );
  const take = <T extends { relative: string }>(entries: T[]) =>
    entries.flatMap((entry) => {
      const relative = strippedName(entry.relative, strip);
      return relative === undefined ? [] : [{ ...entry, relative }];
    });
  return {
    ...rest,
    files: take(files.filter(({ relative }) => wanted(relative))).map(({ relative, file }) => ({
      relative,
      file: { ...file, mode: modeOf(file.mode, mode) },
    })),
    directories: take(directories.filter(({ relative }) => wanted(relative, true) || around.has(relative))).map(
      (one) => ({ ...one, ...(one.mode && { mode: directoryMode(one.mode, mode) }) }),
    ),
    links: take(links.filter(({ relative }) => wanted(relative))),
  };
}

function modeOf(own: string, mode: string | undefined): string {
  return mode === undefined ? own : resolveMode(mode, own, false);
}

/** A user who may read a directory may enter it: `0644` is meant for files. */
function directoryMode(own: string, mode: string | undefined): string {
  if (mode === undefined) return own;
  const bits = Number.parseInt(resolveMode(mode, own, true), 8);
  return (bits | ((bits & 0o444) >> 2)).toString(8).padStart(4, '0');
}
