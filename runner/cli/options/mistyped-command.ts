import { existsSync } from 'node:fs';
import path from 'node:path';
import { XrunError } from '../../diagnostics/errors.ts';
import { nearest } from '../../diagnostics/nearest.ts';

/**
 * Since `xrun PLAYBOOK` is enough, a mistyped command is taken for a playbook: one that is not there and looks like a
 * command is reported as such. Throws XrunError E_USAGE.
 */
export function refuseMistypedCommand(playbook: string, commands: readonly string[], cwd: string): void {
  if (/[./]/.test(playbook) || existsSync(path.resolve(cwd, playbook))) return;
  const [command] = nearest(playbook, commands);
  if (command === undefined) return;
  const hint =
    command === playbook
      ? `Options come after the command: \`xrun ${command} ...\`.`
      : `Did you mean the command '${command}'?`;
  throw new XrunError('E_USAGE', `there is no playbook '${playbook}'`, { hint });
}
