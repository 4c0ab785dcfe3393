import type { Matrix, MatrixCell } from '../../model/events.ts';
import type { Style } from './style.ts';

/** Reads without colour too: `ok`, `FAIL`, `-` for what was not tried. */
export function cellWord(cell: MatrixCell): string {
  if (cell.ok === null) return '-';
  return cell.ok ? 'ok' : 'FAIL';
}

/** `6 of 6 paths work`, or how many do not. */
export function matrixVerdict(matrix: Matrix): string {
  const tried = matrix.cells.flat().filter((cell) => cell.ok !== null);
  const fine = tried.filter((cell) => cell.ok).length;
  if (tried.length === 0) return 'no path was tried';
  return `${fine} of ${tried.length} paths work`;
}

/**
 * The matrix as lines: rows are where packets come from, columns where they go. Cells say how long it took where there
 * is room, else only whether it worked; what failed is reported in full below.
 */
export function matrixLines(matrix: Matrix, columns: number, pen: Style): string[] {
  const rowWidth = Math.max('from \\ to'.length, ...matrix.rows.map((name) => name.length));
  const full = matrix.cells.map((row) => row.map(longCell));
  const fits = rowWidth + sum(columnWidths(matrix.columns, full)) <= columns;
  const texts = fits ? full : matrix.cells.map((row) => row.map(cellWord));
  const widths = columnWidths(matrix.columns, texts);
  const paint = (cell: MatrixCell | undefined, text: string) =>
    !cell || cell.ok === null ? pen.gray(text) : cell.ok ? pen.green(text) : pen.red(text);
  const line = (name: string, cells: string[]) => [name.padEnd(rowWidth), ...cells].join('  ').trimEnd();
  return [
    pen.bold(`${matrix.title}: ${matrixVerdict(matrix)}`),
    line(
      'from \\ to',
      matrix.columns.map((name, i) => name.padEnd(widths[i] ?? 0)),
    ),
    ...matrix.rows.map((name, r) =>
      line(
        name,
        (texts[r] ?? []).map((text, c) => paint(matrix.cells[r]?.[c], text.padEnd(widths[c] ?? 0))),
      ),
    ),
    ...failures(matrix).map((text) => pen.red(text)),
  ];
}

function longCell(cell: MatrixCell): string {
  const word = cellWord(cell);
  return cell.ok && cell.text && cell.text !== word ? `${word} ${cell.text}` : word;
}

function columnWidths(names: readonly string[], texts: readonly string[][]): number[] {
  return names.map((name, c) => Math.max(name.length, ...texts.map((row) => row[c]?.length ?? 0)));
}

function sum(widths: readonly number[]): number {
  return widths.reduce((total, width) => total + width + 2, 0);
}

/** The paths that fail, those of one cause in one line. */
function failures(matrix: Matrix): string[] {
  const paths = new Map<string, string[]>();
  matrix.rows.forEach((from, r) =>
    matrix.columns.forEach((to, c) => {
      const cell = matrix.cells[r]?.[c];
      if (cell?.ok !== false) return;
      const why = cell.cause ?? cell.text;
      paths.set(why, [...(paths.get(why) ?? []), `${from} -> ${to}`]);
    }),
  );
  return [...paths].map(([why, failed]) => `FAIL ${failed.join(', ')}: ${why}`);
}
