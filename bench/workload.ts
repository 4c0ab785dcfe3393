import { createHash, randomBytes } from 'node:crypto';
import { closeSync, existsSync, lstatSync, openSync, readFileSync, readdirSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What is asked of every host: twenty tasks that can be repeated, the smallest one there is, or to take {@link largeFile}. */
export type Workload = 'twenty' | 'true' | 'large';

/** Megabytes of 10^6 bytes. */
export const LARGE = 200;

const DIRECTORIES = [1, 2, 3, 4];
const FILES = [1, 2, 3, 4, 5, 6, 7, 8];
const LINES = [1, 2];
const COMMANDS = ['uname -r', 'id -u', 'hostname', 'true'];

/** A playbook that says the same to xrun and to Ansible: no template in it needs more than a variable. */
export function playbook(workload: Workload, root: string): string {
  const tasks = tasksOf(workload, root);
  const text = tasks.map((task) => task.replaceAll(/^/gm, '    ')).join('\n');
  return `- hosts: all\n  gather_facts: false\n  vars:\n    dir: ${root}/{{ inventory_hostname }}\n  tasks:\n${text}\n`;
}

function tasksOf(workload: Workload, root: string): string[] {
  if (workload === 'true') return ['- command: "true"\n  changed_when: false'];
  if (workload === 'large') return [`- copy: {src: ${largeFile(root)}, dest: "{{ dir }}", mode: "0644"}`];
  return twenty();
}

/** The file of the controller that every host gets as its own directory's name; made where there is none. */
export function largeFile(root: string): string {
  const path = join(dirname(root), 'large');
  if (existsSync(path)) return path;
  const file = openSync(path, 'wx', 0o644);
  for (let i = 0; i < LARGE; i++) writeSync(file, randomBytes(1e6));
  closeSync(file);
  return path;
}

function twenty(): string[] {
  return [
    ...DIRECTORIES.map((n) => `- file: {path: "{{ dir }}/d${n}", state: directory, mode: "0755"}`),
    ...FILES.map(
      (n) =>
        `- copy: {dest: "{{ dir }}/d${directoryOf(n)}/f${n}", content: "{{ inventory_hostname }} has file ${n}\\n", mode: "0644"}`,
    ),
    ...LINES.map(
      (n) =>
        `- lineinfile: {path: "{{ dir }}/d${n}/lines", line: "key${n} = {{ inventory_hostname }}", regexp: "^key${n} =", create: true, mode: "0644"}`,
    ),
    ...COMMANDS.map((command) => `- command: "${command}"\n  changed_when: false`),
    ...LINES.map((n) => `- stat: {path: "{{ dir }}/d${n}/f${n}"}`),
  ];
}

const directoryOf = (file: number) => ((file - 1) % DIRECTORIES.length) + 1;

/** The functions that a careful person would write for such a script: nothing is written that is right already. */
export const SCRIPT_FUNCTIONS = `
dir() { if [ -d "$1" ] && [ "$(stat -c %a "$1")" = "$2" ]; then echo ok; else mkdir -p "$1" && chmod "$2" "$1" && echo changed; fi; }
file() { if [ -f "$1" ] && [ "$(stat -c %a "$1")" = "$2" ] && [ "$(cat "$1")" = "$3" ]; then echo ok; else printf '%s\\n' "$3" >"$1.new" && chmod "$2" "$1.new" && mv "$1.new" "$1" && echo changed; fi; }
line() { if grep -qx "$3" "$1" 2>/dev/null; then echo ok; else { grep -v "$2" "$1" 2>/dev/null || :; printf '%s\\n' "$3"; } >"$1.new"; chmod 644 "$1.new" && mv "$1.new" "$1" && echo changed; fi; }
`;

/** The calls of {@link SCRIPT_FUNCTIONS}, one a task; `$h` is the host's name and `$d` its directory. */
export function scriptTasks(workload: Workload): string[] {
  if (workload === 'true') return ['true && echo ok'];
  return [
    ...DIRECTORIES.map((n) => `dir "$d/d${n}" 755`),
    ...FILES.map((n) => `file "$d/d${directoryOf(n)}/f${n}" 644 "$h has file ${n}"`),
    ...LINES.map((n) => `line "$d/d${n}/lines" "^key${n} =" "key${n} = $h"`),
    ...COMMANDS.map((command) => `${command} && echo ok`),
    ...LINES.map((n) => `stat "$d/d${n}/f${n}" && echo ok`),
  ];
}

/** The whole script; it gets the host's name in `h` and the directory of all hosts in `root`. */
export function script(workload: Workload): string {
  return `set -e\nd="$root/$h"\n${SCRIPT_FUNCTIONS}${scriptTasks(workload).join('\n')}\n`;
}

/** What is below a directory: names, modes and contents. Two tools that did the same leave the same. */
export function fingerprint(root: string): string {
  const hash = createHash('sha256');
  for (const name of (readdirSync(root, { recursive: true }) as string[]).sort()) {
    const stat = lstatSync(join(root, name));
    hash.update(`${name} ${stat.mode.toString(8)}\n`);
    if (stat.isFile()) hash.update(readFileSync(join(root, name)));
  }
  return hash.digest('hex');
}
