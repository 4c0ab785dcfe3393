import { distance } from 'fastest-levenshtein';

/**
 * The known names most like `name`, best first, at most three. A name is near when a third of its letters or fewer
 * differ, or when only case, dashes or underscores do.
 */
export function nearest(name: string, known: Iterable<string>): string[] {
  const wanted = plain(name);
  return [...new Set(known)]
    .map((candidate) => ({ candidate, far: howFar(wanted, plain(candidate)) }))
    .filter(({ candidate, far }) => far <= Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3)))
    .filter(({ far }) => far < wanted.length)
    .sort((a, b) => a.far - b.far || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** `Did you mean 'a' or 'b'?`, or undefined where nothing is near: made for an error's hint. */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  const names = nearest(name, known).map((n) => `'${n}'`);
  return names.length === 0 ? undefined : `Did you mean ${names.join(' or ')}?`;
}

/** Letters in the wrong order (`wehn`) are one typing error. */
function howFar(a: string, b: string): number {
  const far = distance(a, b);
  return far === 2 && [...a].sort().join('') === [...b].sort().join('') ? 1 : far;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}
