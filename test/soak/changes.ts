import { join } from 'node:path';
import { checkout } from '../../lab/paths.ts';
import { guardedPlaybook, RIGHT, SABOTAGE } from '../support/sabotage.ts';

/** What is done to a host under a guard, as a playbook for that host and a timer of so many seconds. */
export interface Change {
  how: string;
  playbook(host: string, seconds: number): string;
}

/** Changes, by what becomes of them where nothing disturbs them, and what of a host they do outside of the guard. */
export interface Changes {
  /** The host is lost by them. */
  wrong: readonly Change[];
  /** The host stays; `undo` is a command on its console, or a playbook. */
  right: readonly (Change & { undo: string | Change })[];
  /** Done to each host at first. */
  before?: Change;
  /** Lines of a host's state that say nothing of the guard. */
  aside?: RegExp;
}

/** Guarded blocks made up for this. */
export const BLOCKS: Changes = {
  wrong: SABOTAGE.map((change) => ({
    how: change.how,
    playbook: (host, seconds) => guardedPlaybook(host, change, seconds),
  })),
  right: RIGHT.map((change) => ({
    how: change.how,
    undo: change.undo,
    playbook: (host, seconds) => guardedPlaybook(host, change, seconds),
  })),
};

/** A playbook that moves the hosts' uplink into a bridge, and what tells it of another uplink than there is. */
export function uplinkChanges(name: 'br0-bridge' | 'ovs-gre' | 'ovs-vxlan', takeDown: boolean): Changes {
  const [prefix, memory] = name === 'br0-bridge' ? ['bridge', 'bridge-br0'] : ['ovs', name];
  const play = (how: string, state: string, wrong: Record<string, string> = {}): Change => ({
    how: `${name}.yml ${how}`,
    playbook: (
      host,
      seconds,
    ) => `${misremember(host, `/var/lib/xrun/${memory}.json`, wrong)}- import_playbook: ${join(checkout, 'playbooks', `${name}.yml`)}
  vars: {state: ${state}, ${prefix}_hosts: ${host}, ${prefix}_timeout: ${seconds}}
`,
  });
  const state = takeDown ? 'absent' : 'present';
  const up = play('comes', 'present');
  const down = play('goes', 'absent');
  const wrong = [
    play('with a wrong address', state, { address: '203.0.113.9/24' }),
    play('with a wrong gateway', state, {
      gateway: `"{{regexReplace facts.default_ipv4.gateway '[.][0-9]+$' '.77'}}"`,
    }),
    play('with a gateway in another network', state, { gateway: '203.0.113.1' }),
  ];
  return {
    wrong,
    right: [takeDown ? { ...down, undo: up } : { ...up, undo: down }],
    ...(takeDown && { before: up }),
    aside: /docker|ovs-(gre|vxlan)|gre\d|vxlan\d|\/etc\/xrun|\/var\/lib\/xrun|fe80:|ff00/,
  };
}

/** A play that writes into the playbook's memory what is not so; without anything wrong, what is so. */
function misremember(host: string, memory: string, wrong: Record<string, string>): string {
  const now = (key: string) => `"{{facts.default_ipv4.${key}}}"`;
  const is = {
    dev: 'eth0',
    address: '"{{xrun_host}}/24"',
    gateway: now('gateway'),
    mac: now('mac'),
    mtu: now('mtu'),
    protocol: `"{{ternary (contains default_route.stdout 'proto static') 'static' 'boot'}}"`,
    onlink: `"{{contains default_route.stdout 'onlink'}}"`,
    datapath: 'netdev',
  };
  const uplink = Object.entries({ ...is, ...wrong }).map(([key, value]) => `${key}: ${value}`);
  return `- hosts: ${host}
  tasks:
    - shell: ip -4 route show default
      register: default_route
    - file: {path: /var/lib/xrun, state: directory}
    - copy: {dest: ${memory}, content: "{{json uplink}}\\n", mode: '0600'}
      vars: {uplink: {${uplink.join(', ')}}}
`;
}
