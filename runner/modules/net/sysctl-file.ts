import { sh } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';

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
  return sh`${begin(file)}
{ ${others(file, settingPattern(name))} ${note} printf '%s\n' ${`${name} = ${value}`}; } >"$t" && mv "$t" ${file}`;
}

/** Removes a setting, and the note of its original value; removes the file when nothing is left in it. */
export function dropSetting(file: string, name: string): Script {
  const pattern = `${settingPattern(name)}\\|^${literal(wasPrefix(name))}`;
  return sh`${begin(file)}
{ ${others(file, pattern)} } >"$t" && mv "$t" ${file} && { [ -s ${file} ] || rm ${file}; }`;
}

/** The new file starts as a copy, to keep the old one's mode and owner. */
function begin(file: string): Script {
  return sh`t=${`${file}.xrun`}; mkdir -p ${file.slice(0, file.lastIndexOf('/'))} && { [ ! -e ${file} ] || cp -p ${file} "$t"; } || exit`;
}

function others(file: string, pattern: string): Script {
  return sh`{ [ ! -e ${file} ] || grep -v ${pattern} ${file} || :; };`;
}

const literal = (text: string) => text.replace(/[.[\]*^$\\]/g, '\\$&');
const settingPattern = (name: string) => `^[[:space:]]*-\\{0,1\\}[[:space:]]*${literal(name)}[[:space:]]*=`;
