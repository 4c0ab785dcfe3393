import { raw, sh } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';
import { INTO } from '../../shell/way.ts';

/**
 * Where a setting lives. As for sysctl(8) the first separator decides: in `net.ipv4.conf.eth0/1.rp_filter` dots separate
 * and slashes stand for dots, in `net/ipv4/conf/eth0.1/rp_filter` it is the other way round.
 */
export function sysctlPath(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  const swapped = first === '.' ? name.replace(/[./]/g, (c) => (c === '.' ? '/' : '.')) : name;
  return `/proc/sys/${swapped}`;
}

/** What a settings file says of one name: its value, and what it was before xrun first changed it. */
export function readSetting(content: string, name: string): { value?: string; was?: string } {
  const value = content.split('\n').map((line) => setting(line, name)).findLast((found) => found !== undefined);
  const was = content.split('\n').find((line) => line.startsWith(wasPrefix(name)))?.slice(wasPrefix(name).length);
  return { ...(value !== undefined && { value }), ...(was !== undefined && { was }) };
}

function setting(line: string, name: string): string | undefined {
  const [key = '', ...value] = line.split('=');
  return key.trim().replace(/^-/, '') === name && value.length > 0 ? spaced(value.join('=')) : undefined;
}

/** The kernel separates a setting's numbers by tabs, people by spaces. */
export const spaced = (value: string) => value.trim().replace(/\s+/g, ' ');

const wasPrefix = (name: string) => `# xrun: before, ${name} = `;

/** Writes a setting into a file, in place of what it said of it; with `was`, notes that value as the original. */
export function writeSetting(file: string, name: string, value: string, was: string | undefined): Script {
  const note = was === undefined ? undefined : sh`printf '%s\n' ${`${wasPrefix(name)}${was}`};`;
  return rewritten(file, settingPattern(name), sh`${note} printf '%s\n' ${`${name} = ${value}`};`);
}

/** Removes a setting, and the note of its original value; removes the file when nothing is left in it. */
export function dropSetting(file: string, name: string): Script {
  return rewritten(file, `${settingPattern(name)}\\|^${literal(wasPrefix(name))}`, sh`:;`, sh`{ [ -s "$n" ] || rm "$n"; }`);
}

/**
 * Takes the lines of a pattern out of a file, and adds what `more` prints. A link stays, and what it leads to is changed; the
 * new file starts as a copy, to keep what belongs to the old one.
 */
function rewritten(file: string, pattern: string, more: Script, then: Script = sh`:`): Script {
  return sh`(${raw(INTO)}
_way ${file}||{ echo "$_why" >&2; exit 1; }
n=./\${_W##*/}; t=$n.xrun; _make "\${_W%/*}" '' '' && rm -f "$t" || exit
if [ -e "$n" ]; then cp -p "$n" "$t" && o=$(cat "$n"; echo .) || exit; else o=.; fi
{ printf %s "\${o%.}" | { grep -v ${pattern} || [ $? = 1 ]; } && ${more} } >"$t" && mv "$t" "$n" && ${then})`;
}

const literal = (text: string) => text.replace(/[.[\]*^$\\]/g, '\\$&');
const settingPattern = (name: string) => `^[[:space:]]*-\\{0,1\\}[[:space:]]*${literal(name)}[[:space:]]*=`;
