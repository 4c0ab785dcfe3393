import { XrunError } from '../diagnostics/errors.ts';
import { failedHosts } from '../engine/run/failed-hosts.ts';
import { stateDirectories } from '../engine/run/state-dir.ts';
import { isImplicitHost } from '../inventory/implicit.ts';
import type { Inventory } from '../model/inventory.ts';
import type { LoadRequest } from './request.ts';

/**
 * The request with `limit` set to the hosts that failed in the last run, where that is asked for.
 *
 * @throws XrunError E_RETRY where no host is recorded, or where the inventory does not have one any more
 */
export async function limitedToFailed(request: LoadRequest, inventory: Inventory | undefined): Promise<LoadRequest> {
  if (!request.retryFailed) return request;
  if (request.limit !== undefined)
    throw new XrunError('E_USAGE', '--retry-failed and --limit exclude each other', {
      hint: 'Give `--limit` alone to choose some of the hosts that failed.',
    });
  const hosts = await failedHosts({ ...request, directories: stateDirectories(request) });
  if (hosts.length === 0)
    throw new XrunError('E_RETRY', `no failed hosts are recorded for ${request.playbooks.join(' ')}`, {
      hint: 'The last run of the same playbooks with the same inventories did not fail, or there was none.',
    });
  const gone = inventory ? hosts.filter((host) => !inventory.hosts.has(host) && !isImplicitHost(host)) : [];
  if (gone.length > 0)
    throw new XrunError('E_RETRY', `hosts that failed in the last run are not in the inventory: ${gone.join(', ')}`, {
      hint: 'Choose the hosts with `--limit`.',
    });
  return { ...request, limit: hosts.join(',') };
}
