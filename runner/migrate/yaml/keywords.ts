import { renewInclude } from './include.ts';
import type { TaskTools } from './translator.ts';

/** Keywords of old Ansible by the name that they have today. */
const renamed: Readonly<Record<string, string>> = {
  sudo: 'become',
  sudo_user: 'become_user',
  su: 'become',
  su_user: 'become_user',
};

/** Keywords that change nothing where facts are gathered when something reads them, and tasks run one by one. */
const dropped = ['gather_subset', 'gather_timeout', 'fact_path', 'debugger'];

/**
 * Puts today's keywords in the place of old ones, and those of xrun where it has others.
 *
 * @param map a task, a block or a play
 * @returns the keys whose values are done with
 */
export function renewKeywords(tools: TaskTools, map: Record<string, unknown>): Set<string> {
  const { edit } = tools;
  const done = new Set<string>();
  for (const [old, name] of Object.entries(renamed)) {
    if (Object.hasOwn(map, old) && !Object.hasOwn(map, name)) edit.set(map, old, name, 'key');
  }
  for (const key of Object.keys(map).filter((name) => /^with_(\w+\.)+\w+$/.test(name)))
    edit.set(map, key, `with_${key.slice(key.lastIndexOf('.') + 1)}`, 'key');
  if (map.always_run === true) {
    edit.set(map, 'always_run', 'check_mode', 'key');
    edit.replace(map, 'always_run', 'false');
    done.add('always_run');
  }
  const loops = Object.keys(map).some((key) => key === 'loop' || key.startsWith('with_'));
  for (const key of [...dropped, ...(loops ? [] : ['loop_control'])].filter((name) => Object.hasOwn(map, name))) {
    edit.remove(map, key);
    done.add(key);
  }
  renewInclude(tools, map, done);
  return done;
}
