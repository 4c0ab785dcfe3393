/**
 * The variables of a file as `docker run --env-file` reads it: a line each, blank lines and remarks left out, nothing
 * expanded. Throws for what Docker refuses.
 */
export function envFileOf(text: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const entry = line.replace(/^[ \t]+/, '');
    if (entry === '' || entry.startsWith('#')) continue;
    const at = entry.indexOf('=');
    const name = at === -1 ? entry : entry.slice(0, at);
    if (name === '' || /\s/.test(name)) throw new Error(`env_file: '${name}' is not a valid name of a variable`);
    // A name alone would be taken from the environment of the docker command, which has none of the user's.
    if (at !== -1) variables[name] = entry.slice(at + 1);
  }
  return variables;
}
