import { splitWords } from '../words.ts';

/**
 * What an argument that names something on the controller refers to: a `file` or a directory, where links are
 * followed; a `tree`, in which links stay links; an `archive`, a file that is taken as the tree in it; an `image`, a tar of which the manifest is
 * read as well; a `template`, which is
 * rendered; a `command`, whose first word is a file.
 */
export type LocalKind = 'file' | 'tree' | 'archive' | 'image' | 'template' | 'command';

/** The name that the value of such an argument means; undefined where it means none. */
export function localName(kind: LocalKind, value: string): string | undefined {
  return kind === 'command' ? splitWords(value)[0] : value;
}
