import { isMapping } from '../../diagnostics/found.ts';
import { placeOf } from '../../language/yaml/positions.ts';
import type { TaskTools } from './translator.ts';

/** Arguments of old Ansible by module: the name that they have today, or null where they do nothing any more. */
const renewed: Readonly<Record<string, Readonly<Record<string, string | null>>>> = {
  user: { createhome: 'create_home' },
  command: { warn: null },
  shell: { warn: null },
  systemd: { 'daemon-reload': 'daemon_reload' },
  replace: { name: 'path', dest: 'path', destfile: 'path' },
  selinux: { conf: 'configfile' },
};

/** Modules whose arguments are values of people's own: nothing may be one. */
const valued = new Set(['set_fact', 'add_host', 'debug', 'include_vars', 'meta']);

/** The one-line form of a call in today's words. */
export function renewedText(line: string, module: string): string {
  const renamed = Object.entries(renewed[module] ?? {}).reduce(
    (text, [old, name]) =>
      text.replaceAll(new RegExp(`(^|\\s)${old}=(\\S*)`, 'g'), (_, before: string, value: string) =>
        name === null ? '' : `${before}${name}=${value}`,
      ),
    line,
  );
  if (module === 'get_url') return renamed.replaceAll(/(^|\s)sha256sum=/g, '$1checksum=sha256:');
  if (module !== 'unarchive') return renamed;
  return renamed.replaceAll(/(^|\s)copy=(yes|no|true|false)\b/gi, (_, before: string, copies: string) => {
    return `${before}remote_src=${/^(yes|true)$/i.test(copies) ? 'no' : 'yes'}`;
  });
}

/** Renews the arguments of one call, those in `args:` too. */
export function renewArguments(tools: TaskTools, task: Record<string, unknown>, key: string, module: string): void {
  for (const name of new Set([key, 'args'])) {
    const args = task[name];
    if (isMapping(args)) renewIn(tools, args, module, name === key ? undefined : { container: task, key: name });
  }
}

function renewIn(
  { edit }: TaskTools,
  args: Record<string, unknown>,
  module: string,
  holder: { container: object; key: string } | undefined,
): void {
  for (const [old, name] of Object.entries(renewed[module] ?? {})) {
    if (!Object.hasOwn(args, old)) continue;
    if (name === null) edit.remove(args, old, holder);
    else if (!Object.hasOwn(args, name)) edit.set(args, old, name, 'key');
  }
  for (const [name, value] of Object.entries(args))
    if (value === null && !valued.has(module)) edit.remove(args, name, holder);
  if (module === 'docker_network' && isMapping(args.ipam_options)) listed(edit, args, args.ipam_options);
  if (module === 'get_url' && typeof args.sha256sum === 'string' && !Object.hasOwn(args, 'checksum')) {
    edit.set(args, 'sha256sum', 'checksum', 'key');
    edit.set(args, 'sha256sum', `sha256:${args.sha256sum}`);
  }
  if (module === 'unarchive' && typeof args.copy === 'boolean') {
    edit.set(args, 'copy', 'remote_src', 'key');
    edit.replace(args, 'copy', String(!args.copy));
  }
}

/** `ipam_options: {...}` in lines of its own is one item of `ipam_config` today. */
function listed(edit: TaskTools['edit'], args: Record<string, unknown>, options: Record<string, unknown>): void {
  const places = Object.keys(options).flatMap((key) => placeOf(options, key, 'key') ?? []);
  const isBlock = places.every(
    ({ start }) => edit.source.text.slice(edit.source.lineStart(start), start).trim() === '',
  );
  if (!isBlock || Object.hasOwn(args, 'ipam_config')) return;
  edit.set(args, 'ipam_options', 'ipam_config', 'key');
  places.forEach(({ start }, i) => edit.edits.add({ start, end: start, text: i === 0 ? '- ' : '  ' }));
}
