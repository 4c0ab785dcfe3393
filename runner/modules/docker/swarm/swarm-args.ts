import * as z from 'zod';
import { flag, port, text, whole, words } from '../../../model/arguments/scalars.ts';
import { duration } from '../values/duration.ts';
import { ownedBy } from '../api/ownership.ts';

/** Arguments of the module docker_swarm. */
export const swarmArgs = z
  .strictObject({
    state: z
      .enum(['present', 'join', 'absent'])
      .default('present')
      .describe(
        '`present`: in a swarm, by `remote_addrs` where they are given, else by starting one; `join`: the same, but never starts one; `absent`: in none.',
      ),
    advertise_addr: text
      .optional()
      .describe('Address or interface that this node advertises to the others, with or without a port.'),
    listen_addr: text
      .optional()
      .describe('Address or interface, and port, where this node listens; 0.0.0.0:2377 where not given.'),
    data_path_addr: text
      .optional()
      .describe("Address or interface for the containers' traffic, where it is not to go the way of `advertise_addr`."),
    data_path_port: port
      .optional()
      .describe('UDP port of VXLAN in the whole swarm; 4789 where not given. Only when a swarm starts.'),
    default_addr_pool: words
      .optional()
      .describe('Subnets in CIDR form from which overlay networks get theirs. Only when a swarm starts.'),
    subnet_size: whole
      .optional()
      .describe('Prefix length of the subnets cut from `default_addr_pool`. Only when a swarm starts.'),
    remote_addrs: words
      .default([])
      .describe('Managers of the swarm to join, `ADDRESS` or `ADDRESS:PORT`; empty: this node starts a swarm.'),
    join_token: text
      .optional()
      .describe(
        "Token for joining: `join_tokens.worker` or `join_tokens.manager` of a manager's result. It is passed to Docker on stdin only.",
      ),
    role: z
      .enum(['manager', 'worker'])
      .optional()
      .describe('Refuse to go on where the node is in the swarm as something else; `docker_node` changes roles.'),
    cluster_id: text
      .optional()
      .describe('Id of the only right swarm; a node that is in another one is refused (see `force`).'),
    known_nodes: words
      .optional()
      .describe(
        "Ids of the nodes that the managers know, `node_ids` of a manager's result. A node of the swarm that is not among them was removed by hand: it leaves and joins anew.",
      ),
    availability: z
      .enum(['active', 'pause', 'drain'])
      .optional()
      .describe('Whether tasks are placed here, from the moment of joining; `docker_node` changes it later.'),
    autolock_managers: flag
      .optional()
      .describe('Demand a key when a manager starts again; the result then has `unlock_key`.'),
    unlock_key: text.optional().describe('Key for a manager that is locked after its start.'),
    task_history_retention_limit: whole.optional().describe('Ended tasks kept for each slot of a service.'),
    node_cert_expiry: duration.optional().describe("Validity of nodes' certificates, `720h`."),
    dispatcher_heartbeat_period: duration.optional().describe('How often nodes report, `5s`.'),
    rotate_worker_token: flag
      .default(false)
      .describe('Make the old token for workers useless, now: counts as changed each time.'),
    rotate_manager_token: flag.default(false).describe('The same for managers.'),
    join_tokens: flag.default(true).describe('Give the tokens for joining as result, on managers.'),
    owned_by: ownedBy,
    force: flag
      .default(false)
      .describe(
        'Leave another swarm, or a swarm joined by other addresses, for the given one; with `absent`, let a manager go although others lose it.',
      ),
  })
  .superRefine(({ state, remote_addrs, join_token }, issues) => {
    if (state === 'join' && remote_addrs.length === 0)
      issues.addIssue({ code: 'custom', path: ['remote_addrs'], message: 'state join needs the managers to join' });
    if (state !== 'absent' && remote_addrs.length > 0 && !join_token)
      issues.addIssue({ code: 'custom', path: ['join_token'], message: 'joining needs the token' });
  });

export type SwarmArgs = z.output<typeof swarmArgs>;
