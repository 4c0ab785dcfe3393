/**
 * The variables of a file as `docker run --env-file` reads it: a line each, blank lines and remarks left out, nothing
 * expanded. Undefined where the probe printed none. Throws for a file that was not read whole, or that Docker refuses.
 */
export function parseEnvFile(stdout: string): Record<string, string> | undefined {
  const size = /^envfile=\s*(\d+)$/m.exec(stdout)?.[1];
  if (size === undefined) return undefined;
  const text = [...stdout.matchAll(/^env:(.*)$/gm)].map((match) => match[1] as string).join('\n');
  if (Buffer.byteLength(text) !== Number(size) || !text.endsWith('.')) throw new Error(`env_file has ${size} bytes, and ${Buffer.byteLength(text)} of them came`);
  const variables: Record<string, string> = {};
  for (const line of text.slice(0, -1).split(/\r?\n/)) {
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
