import { isMapping } from '../../diagnostics/found.ts';
import type { TaskTools } from './translator.ts';

/** Arguments of old Ansible by module: the name that they have today, or null where they do nothing any more. */
const renewed: Readonly<Record<string, Readonly<Record<string, string | null>>>> = {
  user: { createhome: 'create_home' },
  command: { warn: null },
  shell: { warn: null },
};

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
  if (module === 'unarchive' && typeof args.copy === 'boolean') {
    edit.set(args, 'copy', 'remote_src', 'key');
    edit.replace(args, 'copy', String(!args.copy));
  }
}
