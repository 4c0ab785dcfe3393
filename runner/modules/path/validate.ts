import { raw } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';

/** The `validate` argument, where `%s` is the new file's path, as a script whose `$1` is that path. */
export function validateScript(command: string | undefined): Script | undefined {
  return command === undefined ? undefined : raw(command.replaceAll('%s', '"$1"'));
}
