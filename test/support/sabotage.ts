/** What is done to a host under a guard. */
export interface GuardedChange {
  how: string;
  /** Tasks of a guarded block, one a line. */
  block: readonly string[];
  /** A task; by default one that succeeds. */
  confirm?: string;
  /** Variables of the play, as YAML text. */
  vars?: Record<string, string>;
  /** The guard's `address`. */
  address?: string;
}

/** Ways to lose a host. Each would cut it off for good without the guard. */
export const SABOTAGE: readonly GuardedChange[] = [
  { how: 'its address goes', block: ['shell: ip addr flush dev eth0'] },
  {
    how: 'its address is a wrong one',
    block: [
      'ip_address: {dev: eth0, address: "{{xrun_host}}/24", state: absent}',
      'ip_address: {dev: eth0, address: 203.0.113.9/24}',
      'ip_route: {to: default, via: 203.0.113.1, dev: eth0}',
    ],
  },
  {
    how: 'its gateway is a wrong one, and all goes through it',
    block: [
      'shell: \'lan=$(ip -o -4 route show dev eth0 scope link | cut -d" " -f1); ip route replace default via ${lan%.*}.77 dev eth0 onlink; ip route del $lan\'',
    ],
  },
  { how: 'its interface goes down', block: ['shell: ip link set dev eth0 down'] },
  {
    how: 'its interface disappears into a bridge',
    block: ['linux_bridge: {name: brx, members: [eth0]}', 'shell: ip addr flush dev eth0'],
  },
  {
    how: 'a bridge takes over with a wrong address, after a reboot too',
    block: [
      'linux_bridge: {name: brx, members: [eth0], mac_from: eth0, stp: false, forward_delay: 0}',
      'ip_address: {dev: eth0, address: "{{xrun_host}}/24", state: absent}',
      'ip_address: {dev: brx, address: 203.0.113.9/24}',
      'network_config: {name: brx, members: [eth0], addresses: [203.0.113.9/24], gateway: 203.0.113.1, stp: false, forward_delay: 0}',
    ],
  },
  { how: 'sshd stops', block: ['shell: systemctl stop ssh.service'] },
  {
    how: 'sshd listens elsewhere',
    block: ['lineinfile: {path: /etc/ssh/sshd_config, line: Port 2222}', 'shell: systemctl restart ssh.service'],
  },
  { how: 'sshd may not start again', block: ['shell: systemctl stop ssh.service; systemctl mask ssh.service'] },
  {
    how: 'a later step fails',
    block: [
      'copy: {content: x, dest: /etc/xrun-guarded}',
      'shell: ip addr add 203.0.113.9/24 dev eth0',
      "shell: 'false'",
    ],
  },
  { how: 'the confirmation fails', block: ['shell: ip addr add 203.0.113.9/24 dev eth0'], confirm: "shell: 'false'" },
];

/** Changes that keep the host, each with what takes it back by hand where it was confirmed. */
export const RIGHT: readonly (GuardedChange & { undo: string })[] = [
  {
    how: 'more of everything',
    block: [
      'file: {path: /etc/xrun-guarded, state: directory}',
      'copy: {content: x, dest: /etc/xrun-guarded/file}',
      'linux_bridge: {name: brx, members: [], mac: 02:00:00:00:00:09}',
      'ip_address: {dev: brx, address: 203.0.113.9/24}',
      'shell: sleep 0.3; ip -6 addr add 2001:db8::9/64 dev brx',
      'ip_route: {to: 192.0.2.0/24, via: 203.0.113.1, dev: brx}',
    ],
    undo: 'ip link del brx; rm -r /etc/xrun-guarded',
  },
  {
    how: 'it moves to another address',
    vars: { moved: `"{{regexReplace xrun_host '[.]1([0-9])$' '.21$1'}}"` },
    block: [
      'ip_address: {dev: eth0, address: "{{moved}}/24"}',
      'shell: sleep 0.3',
      'ip_address: {dev: eth0, address: "{{xrun_host}}/24", state: absent}',
      'shell: sleep 0.3; ip route replace default via "$(echo {{moved}} | sed "s/[0-9]*$/1/")" dev eth0 proto static',
    ],
    address: '"{{moved}}"',
    undo: 'networkctl reconfigure eth0',
  },
  {
    how: 'many files',
    block: [
      'file: {path: /etc/xrun-guarded, state: directory}',
      ...Array.from(
        { length: 20 },
        (_, i) => `copy: {content: "{{xrun_host}} ${i}", dest: /etc/xrun-guarded/${i}, mode: "0644"}`,
      ),
    ],
    undo: 'rm -r /etc/xrun-guarded',
  },
];

/** A playbook that does this to `host` under a guard of so many seconds. */
export function guardedPlaybook(
  host: string,
  { block, confirm = "shell: 'true'", vars = {}, address }: Omit<GuardedChange, 'how'>,
  seconds: number,
): string {
  const list = (tasks: readonly string[]) => tasks.map((task) => `          - ${task}\n`).join('');
  return `- hosts: ${host}
  vars: {${Object.entries(vars)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ')}}
  tasks:
    - name: Dangerous
      guarded:
        timeout: ${seconds}
${address ? `        address: ${address}\n` : ''}        confirm:
          - ${confirm}
            changed_when: false
      block:
${list(block)}`;
}
