import type { JinjaType } from '../../language/jinja/types.ts';
import type { FileEdit, Quote, Translation } from '../edit/file-edit.ts';

/** Ansible's texts in xrun's words, for one file: what types its variables have is known where it was made. */
export interface Translator {
  /** A text with `{{ }}`, or the name of a template. `quote` is that of texts in its expressions. */
  text(text: string, quote?: Quote): Translation;
  /** An expression without braces. */
  condition(text: string, quote?: Quote): Translation;
  /** What a variable is. */
  typeOf(name: string): JinjaType;
  /** The same where variables are known that a place has for itself. */
  within(types: Readonly<Record<string, JinjaType>>): Translator;
}

/** Which arguments of which modules are expressions: `that` of `assert`, `var` of `debug`. */
export type JudgedArguments = ReadonlyMap<string, ReadonlySet<string>>;

/** What the tasks of a file are moved over with. */
export interface TaskTools {
  edit: FileEdit;
  words: Translator;
  judged: JudgedArguments;
}
