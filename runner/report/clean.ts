import { stripVTControlCharacters } from 'node:util';

/** Text of a host made harmless for a terminal and a log: no escape sequences, no control characters but tabs. */
export function clean(text: string): string {
  return stripVTControlCharacters(text)
    .split('\n')
    .map(lastShown)
    .join('\n');
}

/** A carriage return starts the line over, as progress bars do; what stood there last is what a person saw. */
function lastShown(line: string): string {
  const parts = line.split('\r').filter((part) => part !== '');
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return (parts.at(-1) ?? '').replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
}
