import type { Release } from '../lab/state.ts';

/** One way to join containers, as it is measured. */
export interface NetworkScheme {
  /** What brings it up, and leaves a container called xrun-proof-HOST on each host. */
  playbook: string;
  options?: Record<string, unknown>;
  /** Variables of the playbook for files that are in no package: it is measured where all of them are given. */
  files?: string[];
  image?: Release;
  /** Port of the host that leads to iperf3 in the container, which is then reached by its host's address. */
  published?: number;
}

/** All there are, each for itself. */
export const SCHEMES: Record<string, NetworkScheme> = {
  'swarm-overlay': { playbook: 'swarm-overlay.yml' },
  'swarm-overlay encrypted': { playbook: 'swarm-overlay.yml', options: { overlay_options: { encrypted: '' } } },
  'consul-cluster-store': { playbook: 'consul-cluster-store.yml', image: 'bullseye' },
  'br0-bridge': { playbook: 'br0-bridge.yml' },
  'ovs-gre': { playbook: 'ovs-gre.yml' },
  'ovs-vxlan': { playbook: 'ovs-vxlan.yml' },
  'direct-route': { playbook: 'direct-route.yml' },
  vxlan: { playbook: 'vxlan.yml' },
  macvlan: { playbook: 'macvlan.yml' },
  'static-ip': { playbook: 'static-ip.yml' },
  'port-mapping': { playbook: '../bench/published-port.yml', published: 5202 },
  'flannel vxlan': { playbook: 'flannel.yml', files: ['flannel_file'] },
  'flannel host-gw': { playbook: 'flannel.yml', files: ['flannel_file'], options: { flannel_backend: 'host-gw' } },
  'flannel udp': { playbook: 'flannel.yml', files: ['flannel_file'], options: { flannel_backend: 'udp' } },
  weave: { playbook: 'weave.yml', files: ['weave_file', 'weave_images_file'] },
  calico: { playbook: 'calico.yml', files: ['calico_images_file'] },
};
