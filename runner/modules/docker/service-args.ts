import * as z from 'zod';
import { flag, port, seconds, text, whole, words } from '../arguments/scalars.ts';
import { commandWords } from './container/process.ts';
import { duration } from './duration.ts';
import { imageReference } from './image-reference.ts';
import { dictionary } from './labels.ts';

/** One published port of a service. */
export interface ServicePort {
  published_port?: number | undefined;
  target_port: number;
  protocol: 'tcp' | 'udp' | 'sctp';
  mode: 'ingress' | 'host';
}

/** One mount in a service's containers. */
export interface ServiceMount {
  type: 'bind' | 'volume' | 'tmpfs';
  source?: string | undefined;
  target: string;
  readonly: boolean;
}

const publish = z.union([
  z.string().regex(/^\d+:\d+(\/(tcp|udp|sctp))?$/, 'expected PUBLISHED:TARGET, 8080:80 or 53:53/udp').transform((value): ServicePort => {
    const [, published, target, , protocol = 'tcp'] = /^(\d+):(\d+)(\/(\w+))?$/.exec(value) as RegExpExecArray;
    return { published_port: Number(published), target_port: Number(target), protocol: protocol as ServicePort['protocol'], mode: 'ingress' };
  }),
  z.strictObject({
    published_port: port.optional().describe('Port of the hosts; any free one where not given.'),
    target_port: port.describe('Port of the containers.'),
    protocol: z.enum(['tcp', 'udp', 'sctp']).default('tcp').describe('Protocol.'),
    mode: z.enum(['ingress', 'host']).default('ingress').describe("`ingress`: on every node, through the swarm's load balancer; `host`: on the nodes that run a task."),
  }),
]);

const mount = z.union([
  z.string().regex(/^[^:]+:\/[^:]*(:ro|:rw)?$/, 'expected SOURCE:TARGET or SOURCE:TARGET:ro').transform((value): ServiceMount => {
    const [source = '', target = '', access] = value.split(':');
    return { type: source.startsWith('/') ? 'bind' : 'volume', source, target, readonly: access === 'ro' };
  }),
  z.strictObject({
    type: z.enum(['bind', 'volume', 'tmpfs']).default('bind').describe('What is mounted.'),
    source: text.optional().describe('Directory of the host, or name of the volume.'),
    target: text.describe('Path in the container.'),
    readonly: flag.default(false).describe('Cannot be written.'),
  }),
]);

const rollout = z.strictObject({
  parallelism: whole.optional().describe('Tasks at once.'),
  delay: duration.optional().describe('Between two lots.'),
  failure_action: z.enum(['pause', 'continue', 'rollback']).optional().describe('What to do when a task fails.'),
  monitor: duration.optional().describe('How long a new task is watched.'),
  max_failure_ratio: z.number().min(0).max(1).optional().describe('Share of tasks that may fail.'),
  order: z.enum(['stop-first', 'start-first']).optional().describe('Which comes first.'),
});

const restart = z.strictObject({
  condition: z.enum(['none', 'on-failure', 'any']).optional().describe('When a task is started again.'),
  delay: duration.optional().describe('Before it is.'),
  max_attempts: whole.optional().describe('How often.'),
  window: duration.optional().describe('Time in which attempts are counted.'),
});

/** Arguments of the module docker_service. */
export const serviceArgs = z.strictObject({
  name: text.describe('Name of the service.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the service is there.'),
  image: imageReference.optional().describe('Image of its containers; needed where the service has to be made.'),
  command: commandWords.optional().describe("Instead of the image's command."),
  entrypoint: commandWords.optional().describe("Instead of the image's entrypoint."),
  mode: z.enum(['replicated', 'global']).optional().describe('`global`: one task on each node.'),
  replicas: whole.optional().describe('Tasks of a replicated service; 1 where it is made without.'),
  env: dictionary.optional().describe('The whole environment.'),
  labels: dictionary.optional().describe('Labels of the service; others that are set stay.'),
  container_labels: dictionary.optional().describe('Labels of its containers; others that are set stay.'),
  mounts: z.array(mount).optional().describe('All mounts: `SOURCE:TARGET[:ro]`, or `type`, `source`, `target`, `readonly`.'),
  networks: words.optional().describe('All networks, by name.'),
  publish: z.array(publish).optional().describe('All published ports: `8080:80`, or `published_port`, `target_port`, `protocol`, `mode`.'),
  endpoint_mode: z.enum(['vip', 'dnsrr']).optional().describe('`dnsrr` gives the addresses of the tasks by DNS; `vip` needs ip_vs in the kernel.'),
  constraints: words.optional().describe('All conditions nodes must meet, `node.role == manager`.'),
  replicas_max_per_node: whole.optional().describe('Most tasks on one node; 0 for no limit.'),
  user: text.optional().describe('User inside.'),
  working_dir: text.optional().describe('Directory the command starts in.'),
  hostname: text.optional().describe('Hostname inside; may hold Docker templates.'),
  init: flag.optional().describe('A small init as first process.'),
  stop_grace_period: duration.optional().describe('How long a task may take to end.'),
  limit_memory: z.string().regex(/^\d+(\.\d+)?[kmg]?b?$/i, 'expected bytes such as 64m').optional().describe('Most memory of a task, `64m`.'),
  limit_cpu: z.number().min(0).optional().describe('Most processors of a task, `0.5`.'),
  update_config: rollout.optional().describe('How updates go: `parallelism`, `delay`, `failure_action`, `monitor`, `max_failure_ratio`, `order`.'),
  rollback_config: rollout.optional().describe('How rollbacks go: the same.'),
  restart_config: restart.optional().describe('When tasks start again: `condition`, `delay`, `max_attempts`, `window`.'),
  force_update: flag.default(false).describe('Start all tasks anew, now.'),
  wait: flag.default(true).describe('Wait until all tasks run.'),
  wait_timeout: seconds.default(120).describe('How long to wait, seconds.'),
});

export type ServiceArgs = z.output<typeof serviceArgs>;
