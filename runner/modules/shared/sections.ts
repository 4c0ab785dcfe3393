/**
 * Splits what a probe printed at its title lines, `@@title`. A probe that runs several commands prints a title before
 * each, so that a command that fails or prints nothing cannot be taken for its neighbour.
 */
export function sections(output: string): Map<string, string> {
  const found = new Map<string, string>();
  let title = '';
  for (const line of output.split('\n')) {
    if (line.startsWith('@@')) found.set((title = line.slice(2).trim()), '');
    else if (title) found.set(title, `${found.get(title) ?? ''}${line}\n`);
  }
  return new Map([...found].map(([key, text]) => [key, text.trim()]));
}
