import type { Flavour } from '../../runner/testing/local-host.ts';

export { LocalHost } from '../../runner/testing/local-host.ts';
export type { Flavour } from '../../runner/testing/local-host.ts';

export const FLAVOURS: Flavour[] = [
  { name: 'dash and GNU tools', shell: ['dash'] },
  { name: 'bash and GNU tools', shell: ['bash'] },
  { name: 'busybox', shell: ['/bin/busybox', 'sh'], tools: ['/bin/busybox', '--install', '-s'] },
];

/** As Alpine and OpenWrt are: busybox's applets and nothing else. */
export const BUSYBOX_ALONE: Flavour = {
  name: 'busybox alone',
  shell: ['/bin/busybox', 'sh'],
  tools: ['/bin/busybox', '--install', '-s'],
  alone: true,
};
