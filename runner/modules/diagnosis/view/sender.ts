import type { ContainerView, HostView } from './view.ts';

/** The container that stands for all of the network's on a host: the first that has a process and an address. */
export function senderOf({ containers }: Pick<HostView, 'containers'>): ContainerView | undefined {
  return containers.find(({ pid, address }) => pid > 0 && address !== '');
}
