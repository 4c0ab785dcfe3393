import type { DecideContext } from '../../model/module.ts';
import { sha256 } from './file-state.ts';

/**
 * A path on the host for what is needed there for a moment. Always the same for the same thing, so that what a broken
 * run left is overwritten and removed by the next; another one for each host that a task is delegated from.
 */
export function temporaryPath(kind: string, context: Pick<DecideContext, 'host'>, what: readonly string[]): string {
  return `/var/tmp/xrun-${kind}-${sha256([context.host, ...what].join('\0')).slice(0, 16)}`;
}
