import type { Returns } from '../../../model/module.ts';

/** What is known of a host's place in a swarm. */
export const SWARM_RETURNS: Returns = {
  join_tokens: 'Of a manager: what `worker` and `manager` join with.',
  active: 'Whether the host is in a swarm.',
  state: "Docker's word for it.",
  hostname: "The host's name in the swarm.",
  docker_version: 'The version of Docker.',
  role: '`manager` or `worker`.',
  cluster_id: 'The id of the swarm.',
  node_id: 'The id of the host in it.',
  node_addr: 'Its address in it.',
  managers: 'Addresses of all managers.',
};
