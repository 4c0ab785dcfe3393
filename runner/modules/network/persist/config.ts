/** How an interface is to be after every boot. Addresses have their prefix length. */
export interface InterfaceConfig {
  name: string;
  /** `bridge` is made by the network system; `existing` by someone else, such as Open vSwitch. */
  kind: 'bridge' | 'existing';
  members: string[];
  /** Interfaces that are switched on and get no address: others use them. */
  bare: string[];
  addresses: string[];
  gateway?: string | undefined;
  dns: string[];
  routes: { to: string; via: string; metric?: number | undefined }[];
  mac?: string | undefined;
  mtu?: number | undefined;
  stp?: boolean | undefined;
  /** Seconds. */
  forward_delay?: number | undefined;
  accept_ra: boolean;
}

/** A file of the network system: what is to be in it and who may read it. */
export interface ConfigFile {
  path: string;
  content: string;
  mode: string;
}

export const HEADER = '# Written by xrun (network_config); taken away again by state: absent.\n';

/** Lines without the ones that are not wanted. */
export function lines(...all: (string | false | undefined)[]): string {
  return all
    .filter((line) => line !== false && line !== undefined)
    .map((line) => `${line}\n`)
    .join('');
}
