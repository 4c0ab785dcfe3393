import { readFileSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import type { Position, XrunError } from '../../diagnostics/errors.ts';
import { loadYaml } from '../../language/yaml/load.ts';
import { textOf } from '../../language/yaml/utf8.ts';
import type { ModuleCatalog } from '../../model/catalog.ts';
import { Problems } from '../../diagnostics/problems.ts';
import { TaskIds } from './task-ids.ts';
import type { Expr } from '../../model/playbook.ts';

/** What loading needs besides the file. */
export interface LoadOptions {
  modules: ModuleCatalog;
  /** Positions name files relative to it; the process's directory of the caller. */
  cwd?: string;
  /** More directories with roles, absolute; after the playbook's own. */
  rolesPath?: readonly string[];
  /** The text of a file that may be encrypted by a vault. */
  decrypt?(text: string, file: string): string | Promise<string>;
  /** Throws XrunError where a text with templates cannot be parsed. */
  checkTemplate?(text: string, at: Position): void;
  /** Throws XrunError where a condition cannot be parsed. */
  checkCondition?(condition: Expr): void;
  /** Gets what works but is probably not meant. */
  onWarning?(warning: XrunError): void;
  /** Shared where several playbooks are loaded for one run, so that ids stay unique. */
  ids?: TaskIds;
  /** What files hold, by absolute path: shared likewise, so that what many playbooks include is read once. */
  contents?: Map<string, unknown>;
  /** Parts of those contents in which nothing was found wrong: shared likewise, so that they are checked once. */
  sound?: WeakSet<object>;
}

/** The state of loading one playbook or include: options, what was wrong so far, files read so far. */
export class Loading {
  readonly options: LoadOptions;
  readonly problems = new Problems();
  readonly ids: TaskIds;
  private readonly files = new Map<string, Promise<unknown>>();
  private readonly sound: WeakSet<object>;

  constructor(options: LoadOptions, ids: TaskIds = options.ids ?? new TaskIds()) {
    this.options = options;
    this.ids = ids;
    this.sound = options.sound ?? new WeakSet();
  }

  /** The content of a YAML file, read once; undefined where that failed, which is noted. */
  read(file: string, from?: Position): Promise<unknown> {
    let content = this.files.get(file);
    if (!content) {
      this.problems.files.push(this.shown(file));
      this.files.set(file, (content = this.readNow(file, from)));
    }
    return content;
  }

  /** The name that positions give a file: relative to the working directory where it is below that. */
  shown(file: string): string {
    const short = relative(this.options.cwd ?? '', file);
    return !this.options.cwd || short.startsWith('..') || isAbsolute(short) ? file : short || '.';
  }

  /** The absolute path of a file that a position names. */
  absolute(at: Position): string {
    return resolve(this.options.cwd ?? '', at.file);
  }

  /** Does `check`, unless it has found nothing to note in `part`, the very object that was loaded, before. */
  once(part: object, check: () => void): void {
    const { errors, warnings } = this.problems;
    const before = errors.length + warnings.length;
    if (this.sound.has(part)) return;
    check();
    if (errors.length + warnings.length === before) this.sound.add(part);
  }

  /** Does `check`; what it throws is noted. */
  attempt(check: () => void): void {
    this.problems.attempt(check);
  }

  /** Throws what was found wrong, after the warnings were reported. */
  finish(): void {
    for (const warning of this.problems.warnings) this.options.onWarning?.(warning);
    this.problems.throwAny();
  }

  private async readNow(file: string, from?: Position): Promise<unknown> {
    const { contents } = this.options;
    if (contents?.has(file)) return contents.get(file);
    try {
      // Files of a playbook are small: waiting for a thread takes longer than reading one.
      const text = textOf(readFileSync(file), this.shown(file));
      const plain = text.startsWith('$ANSIBLE_VAULT;') ? await this.decrypted(text, file) : text;
      const { value } = loadYaml(plain, this.shown(file));
      contents?.set(file, value);
      return value;
    } catch (error) {
      if (isFileError(error)) this.problems.add('E_FILE', `cannot read ${this.shown(file)}: ${reason(error)}`, from);
      else this.problems.caught(error);
      return undefined;
    }
  }

  private async decrypted(text: string, file: string): Promise<string> {
    return (await this.options.decrypt?.(text, this.shown(file))) ?? '';
  }
}

type FileError = Error & { code: string };

function isFileError(error: unknown): error is FileError {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

function reason({ code }: FileError): string {
  const reasons: Record<string, string> = {
    ENOENT: 'the file does not exist',
    EACCES: 'permission denied',
    EISDIR: 'it is a directory',
  };
  return reasons[code] ?? code;
}
