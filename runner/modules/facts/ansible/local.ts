import type { Facts } from '../host.ts';

/**
 * Facts of the host's own in /etc/ansible/facts.d/NAME.fact: JSON, or INI. `lines` are `NAME` and behind it the lines of
 * the file, each with a space before it; what cannot be read is a text that says so, as in Ansible.
 */
export function localFacts(lines: string[]): Facts {
  const files = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of lines) {
    if (line.startsWith(' ')) current.push(line.slice(1));
    else files.set(line, (current = []));
  }
  return Object.fromEntries([...files].map(([name, text]) => [name, valueOf(name, text)]));
}

function valueOf(name: string, lines: string[]): unknown {
  try {
    return JSON.parse(lines.join('\n'));
  } catch {
    return ini(lines) ?? `error loading facts as JSON or ini - please check content: ${name}`;
  }
}

function ini(lines: string[]): Facts | undefined {
  const sections: Record<string, Record<string, string>> = {};
  let section: Record<string, string> | undefined;
  for (const line of lines) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    const [, header] = /^\s*\[([^\]]+)\]/.exec(line) ?? [];
    const [, key, value = ''] = /^\s*([^=:]+?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (header !== undefined) section = sections[header] ??= {};
    else if (key !== undefined && section) section[key.toLowerCase()] = value;
    else return undefined;
  }
  return Object.keys(sections).length > 0 ? sections : undefined;
}
