import { readFileSync } from 'node:fs';
import type { Position } from '../../../diagnostics/errors.ts';
import { partialFolders, partialPaths } from '../../../language/templates/partial-files.ts';
import { SourceText } from '../../../language/yaml/source-text.ts';
import type { Loading } from '../../parse/loading.ts';

/** Finds the partials that templates include, and reads each once. */
export class PartialFiles {
  private readonly loading: Loading;
  private readonly sources = new Map<string, SourceText | undefined>();

  constructor(loading: Loading) {
    this.loading = loading;
  }

  /**
   * Where a text's partials would be.
   *
   * @param bases directories of the role and the playbook, absolute
   * @param near a place in the text
   */
  folders(bases: readonly string[], near: Position | undefined): string[] {
    return partialFolders(bases, near && this.loading.absolute(near));
  }

  /** The partial of this name; undefined where there is none. */
  find(name: string, folders: readonly string[]): SourceText | undefined {
    return partialPaths(name, folders)
      .map((path) => this.read(path))
      .find((source) => source !== undefined);
  }

  /** The texts of those that were found so far. */
  texts(): string[] {
    return [...this.sources.values()].flatMap((source) => (source ? [source.text] : []));
  }

  private read(path: string): SourceText | undefined {
    if (!this.sources.has(path)) this.sources.set(path, this.readNow(path));
    return this.sources.get(path);
  }

  private readNow(path: string): SourceText | undefined {
    try {
      return new SourceText(this.loading.shown(path), readFileSync(path, 'utf8'));
    } catch {
      return undefined;
    }
  }
}
