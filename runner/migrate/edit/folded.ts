/** A sign or name of a folded block's old lines, and whether a line begins or ends with it. */
interface Part {
  text: string;
  begins: boolean;
  ends: boolean;
}

/** Blocks with more pairs of an old and a new part than these are put on one line. */
const most = 1_000_000;

const operators: Readonly<Record<string, string>> = { and: '&&', or: '||' };

/**
 * Breaks the paragraphs of a folded block into lines where its old lines were broken: beside what is still there. YAML
 * reads these breaks as blanks.
 *
 * @param old the lines as they were
 * @param paragraphs the new text, each without a line break
 */
export function brokenLike(old: readonly string[], paragraphs: readonly string[]): string[] {
  const before = old.flatMap(partsOfLine);
  const after = paragraphs.flatMap(partsOf);
  if (before.length * after.length > most) return [...paragraphs];
  const texts = before.map(({ text }) => text);
  const same = common(texts, after);
  let count = 0;
  return paragraphs.flatMap((paragraph) => {
    const lines: string[][] = [[]];
    paragraph.split(' ').forEach((word, i, words) => {
      const [last, here] = [before[same.get(count - 1) ?? -1], before[same.get(count) ?? -1]];
      count += partsOf(word).length;
      const single = i > 0 && word !== '' && words[i - 1] !== '';
      if (single && (last?.ends === true || here?.begins === true)) lines.push([]);
      lines.at(-1)?.push(word);
    });
    return lines.map((line) => line.join(' '));
  });
}

function partsOfLine(line: string): Part[] {
  return partsOf(line).map((text, i, all) => ({ text, begins: i === 0, ends: i === all.length - 1 }));
}

/** What both languages write alike. */
function partsOf(text: string): string[] {
  const parts = text.match(/[\w./:=-]+|&&|\|\|/g) ?? [];
  return parts.map((part) => (Object.hasOwn(operators, part) ? (operators[part] ?? part) : part));
}

/** The longest common subsequence: indices of `after` to those of `before`. */
function common(before: readonly string[], after: readonly string[]): Map<number, number> {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      lengths[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const found = new Map<number, number>();
  for (let i = 0, j = 0; i < before.length && j < after.length;) {
    if (before[i] === after[j]) found.set(j++, i++);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return found;
}
