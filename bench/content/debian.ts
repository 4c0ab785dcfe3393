import { basename } from 'node:path';
import { isMapping } from '../../runner/diagnostics/found.ts';
import { positionOf } from '../../runner/language/yaml/positions.ts';

/** What facts say on Debian 12, by the last part of their names. */
const debian: Readonly<Record<string, string>> = {
  os_family: 'Debian',
  distribution: 'Debian',
  distribution_release: 'bookworm',
  distribution_major_version: '12',
  pkg_mgr: 'apt',
  service_mgr: 'systemd',
  system: 'Linux',
};

const others =
  /(^|[^a-z])(redhat|rhel|centos|rocky|alma|almalinux|fedora|oracle|oraclelinux|amazon|suse|opensuse|sles|arch|archlinux|alpine|freebsd|openbsd|netbsd|darwin|macos|osx|windows|win32|gentoo|solaris|sunos|smartos|aix|ubuntu|yum|dnf|zypper|pacman|apk|el[6-9])([^a-z]|$)/i;

/** Whether a file's name says that it is for other systems than Debian. */
export function isForOthers(file: string): boolean {
  const name = basename(file);
  return others.test(name.replaceAll(/[_\d]/g, '-')) && !/debian/i.test(name);
}

/** The lines of the tasks that never run on Debian, from the first to the last. */
export function deadLines(tasks: unknown, end: number): [number, number][] {
  if (!Array.isArray(tasks)) return [];
  return tasks.flatMap((task, index): [number, number][] => {
    if (!isMapping(task)) return [];
    const first = positionOf(tasks, index)?.line ?? 1;
    const last = index + 1 < tasks.length ? (positionOf(tasks, index + 1)?.line ?? end) - 1 : end;
    if (never(task.when)) return [[first, last]];
    return ['block', 'rescue', 'always'].flatMap((key) => deadLines(task[key], last));
  });
}

/** Whether a condition, in Ansible's words or in xrun's, is false on Debian whatever else it asks. */
function never(when: unknown): boolean {
  if (Array.isArray(when)) return when.some(never);
  if (when === false) return true;
  if (typeof when !== 'string') return false;
  return when.split(/\s+or\s+|\|\|/).every((part) => part.split(/\s+and\s+|&&/).some(isFalse));
}

function isFalse(part: string): boolean {
  const text = part.replaceAll(/\s*\|\s*lower|\[?\(?["']?ansible_facts["']?\)?\]?[.[]+/g, ' ');
  const name =
    /(os_family|distribution_release|distribution_major_version|distribution|pkg_mgr|service_mgr|system)\b/.exec(
      text,
    )?.[1];
  if (name === undefined) return false;
  const rest = text.slice(text.indexOf(name) + name.length);
  const values = [...rest.matchAll(/["']([\w .-]+)["']/g)].map((match) => match[1]?.toLowerCase());
  const has = values.includes(debian[name]?.toLowerCase());
  if (values.length === 0) return false;
  if (/^["'\])]*\s*==/.test(rest) || /^["'\])]*\s+in\s/.test(rest)) return !has;
  return (/^["'\])]*\s*!=/.test(rest) || /^["'\])]*\s+not\s+in\s/.test(rest)) && has;
}
