/** Something that somebody else has on a host, under a name that a playbook needs. */
export interface Foreign {
  what: string;
  /** The playbook that must leave it alone, by its name, and further options. */
  playbook: string;
  options?: string[];
  /** Makes it, and takes it away again, on node2. */
  make: string;
  undo: string;
  /** What the refusal says. */
  says: RegExp;
}

const RUN = 'docker run --detach --restart unless-stopped';
const IMAGE = 'xrun/busybox:1 sleep 1000000';

/** A unit of somebody else that runs and starts at boot. */
function unit(name: string): Pick<Foreign, 'make' | 'undo'> {
  const file = `/etc/systemd/system/${name}.service`;
  return {
    make: `printf '[Service]\\nExecStart=/bin/sleep 1000000\\n[Install]\\nWantedBy=multi-user.target\\n' >${file}; systemctl daemon-reload; systemctl enable --quiet --now ${name}`,
    undo: `systemctl disable --quiet --now ${name}; rm ${file}; systemctl daemon-reload`,
  };
}

function container(name: string): Pick<Foreign, 'make' | 'undo'> {
  return { make: `${RUN} --name ${name} ${IMAGE}`, undo: `docker rm --force ${name}` };
}

function network(name: string, options = ''): Pick<Foreign, 'make' | 'undo'> {
  return { make: `docker network create ${options} ${name}`, undo: `docker network rm ${name}` };
}

/** Settings of Docker, which reads them when it starts the next time. */
function settings(json: string): Pick<Foreign, 'make' | 'undo'> {
  const file = '/etc/docker/daemon.json';
  return {
    make: `[ ! -e ${file} ] || mv ${file} ${file}.test; mkdir -p /etc/docker; echo '${json}' >${file}`,
    undo: `rm ${file}; [ ! -e ${file}.test ] || mv ${file}.test ${file}`,
  };
}

export const FOREIGN: Foreign[] = [
  {
    what: 'a unit flanneld',
    playbook: 'flannel',
    ...unit('flanneld'),
    says: /file \/etc\/systemd\/system\/flanneld\.service on node2.*take_over=true/,
  },
  {
    what: 'an interface of another flannel',
    playbook: 'flannel',
    make: 'ip link add flannel.9 type vxlan id 9 dstport 8479',
    undo: 'ip link delete flannel.9',
    says: /flannel that this playbook did not set up/,
  },
  {
    what: 'a unit weave',
    playbook: 'weave',
    ...unit('weave'),
    says: /file \/etc\/systemd\/system\/weave\.service on node2.*take_over=true/,
  },
  { what: 'a container weave', playbook: 'weave', ...container('weave'), says: /container weave on node2/ },
  {
    what: 'a network weave',
    playbook: 'weave',
    ...network('weave'),
    says: /network bridge weave .* on node2 lacks the label xrun\.playbook=weave/,
  },
  {
    what: 'a container calico-node',
    playbook: 'calico',
    ...container('calico-node'),
    says: /container calico-node on node2/,
  },
  {
    what: 'a network calico',
    playbook: 'calico',
    ...network('calico'),
    says: /network bridge calico .* on node2 lacks the label/,
  },
  {
    what: 'another store in daemon.json',
    playbook: 'consul-cluster-store',
    options: ['-e', 'kv=etcd'],
    ...settings('{"cluster-store": "etcd://192.0.2.1:2379"}'),
    says: /cluster-store in\s+\/etc\/docker\/daemon\.json of node2.*take_over=true/,
  },
  {
    what: 'a container where the one of the store goes',
    playbook: 'consul-cluster-store',
    options: ['-e', 'kv=etcd'],
    ...container('xrun-keeper-node2'),
    says: /container xrun-keeper-node2 on node2/,
  },
  {
    what: 'an address for docker0 in daemon.json',
    playbook: 'direct-route',
    ...settings('{"bip": "10.99.0.1/24"}'),
    says: /bip in\s+\/etc\/docker\/daemon\.json of node2.*take_over=true/,
  },
  {
    what: 'a container that a restart of Docker would stop',
    playbook: 'direct-route',
    ...container('mine'),
    says: /Docker has to restart.*mine on node2.*restart_containers=true/s,
  },
  {
    what: 'a bridge br0',
    playbook: 'br0-bridge',
    make: 'ip link add br0 type bridge',
    undo: 'ip link delete br0',
    says: /an interface br0 is there that this playbook did not make/,
  },
  {
    what: 'a bridge ovs-vxlan',
    playbook: 'ovs-vxlan',
    make: 'ip link add ovs-vxlan type bridge',
    undo: 'ip link delete ovs-vxlan',
    says: /an interface ovs-vxlan .*did not make/,
  },
  {
    what: 'a network macvlan',
    playbook: 'macvlan',
    ...network('macvlan'),
    says: /network bridge macvlan .* on node2 lacks the label xrun\.playbook=macvlan/,
  },
  {
    what: 'an interface of the name of the shim',
    playbook: 'macvlan',
    options: ['-e', 'macvlan_shim=true'],
    make: 'ip link add macvlan-shim type bridge',
    undo: 'ip link delete macvlan-shim',
    says: /an interface macvlan-shim is there/,
  },
  {
    what: 'a container mapped',
    playbook: 'port-mapping',
    ...container('mapped'),
    says: /container mapped on node2 lacks the label/,
  },
];
