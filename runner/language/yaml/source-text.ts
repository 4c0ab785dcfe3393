import type { Position } from '../../diagnostics/errors.ts';

/** A file's text that gives the line and column of an offset. Columns count UTF-16 units, as editors do. */
export class SourceText {
  readonly file: string;
  readonly text: string;
  /** Offset of the first character of each line; made when it is first needed. */
  private starts: number[] | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
  }

  /** Offset of the beginning of the line that `offset` is on. */
  lineStart(offset: number): number {
    return this.lineStarts()[this.lineIndex(offset)] ?? 0;
  }

  /** Offset of the end of the line that `offset` is on, the line break not included. */
  lineEnd(offset: number): number {
    const next = this.lineStarts()[this.lineIndex(offset) + 1] ?? this.text.length + 1;
    const end = next - 1;
    return this.text[end - 1] === '\r' ? end - 1 : end;
  }

  /** The span from `start` to `end` (exclusive), cut at the end of its first line. */
  pos(start: number, end: number = start + 1): Position {
    const line = this.lineIndex(start);
    const lineStart = this.lineStarts()[line] ?? 0;
    const col = start - lineStart + 1;
    const last = Math.max(start + 1, Math.min(end, this.lineEnd(start)));
    return { file: this.file, line: line + 1, col, endCol: col + last - start };
  }

  private lineIndex(offset: number): number {
    const starts = this.lineStarts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private lineStarts(): number[] {
    if (this.starts) return this.starts;
    this.starts = [0];
    for (const match of this.text.matchAll(/\r\n|\n|\r/g)) this.starts.push(match.index + match[0].length);
    return this.starts;
  }
}
