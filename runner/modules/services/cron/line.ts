/** The lines of a crontab. cron(8) knows no other line break than LF: a CR belongs to its line, and stays. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** The lines as one text that ends in a line break; empty where there are none. */
export function lineBreakAtEnd(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** A job, also one that is disabled by a `#`: five times or `@daily` and the like, and something to run. See crontab(5). */
export function isJob(line: string): boolean {
  return /^\s*#?\s*(@[a-z]+|([\w*/,~-]+\s+){4}[\w*/,~-]+)\s+\S/i.test(line);
}

/** Whether a line sets the variable `name`. */
export function variable(name: string): (line: string) => boolean {
  return (line) => /^\s*(\w+|"[^"]*"|'[^']*')\s*=/.exec(line)?.[1]?.replace(/^(["'])(.*)\1$/, '$2') === name;
}

/** The line that sets a variable; undefined for a value with both kinds of quotes, which cron has no way to write. */
export function variableLine(name: string, value: string): string | undefined {
  if (!value.includes('"')) return `${name}="${value}"`;
  return value.includes("'") ? undefined : `${name}='${value}'`;
}

/** Whether two lines give their variables the same value: quotes are not part of it, nor are blanks outside of them. */
export function sameValue(one: string, other: string): boolean {
  return valueOf(one) === valueOf(other);
}

function valueOf(line: string): string {
  const value = line.slice(line.indexOf('=') + 1).trim();
  return /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;
}
