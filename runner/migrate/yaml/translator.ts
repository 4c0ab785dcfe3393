import type { Quote, Translation } from '../edit/file-edit.ts';

/** Ansible's texts in xrun's words, for one file: what types its variables have is known where it was made. */
export interface Translator {
  /** A text with `{{ }}`, or the name of a template. `quote` is that of texts in its expressions. */
  text(text: string, quote?: Quote): Translation;
  /** An expression without braces. */
  condition(text: string, quote?: Quote): Translation;
}
