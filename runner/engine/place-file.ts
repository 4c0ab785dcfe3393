import type { PlacedFile } from '../modules/module.ts';
import type { HostShell, Outcome, RunOptions } from '../shell/host-shell.ts';
import { withPack } from './archive/pack.ts';

/** Places a step's file on the host; what is to be packed first is packed. */
export function placeFile(shell: HostShell, { content, ...file }: PlacedFile, options: Pick<RunOptions, 'become' | 'timeoutMs' | 'signal'>): Promise<Outcome> {
  if ('archive' in content) return withPack(content, (tar) => shell.put({ ...file, content: tar }, options));
  return shell.put({ ...file, content }, options);
}
