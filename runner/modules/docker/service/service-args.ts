import * as z from 'zod';
import { flag, seconds, text, whole, words } from '../../../model/arguments/scalars.ts';
import { bytes } from '../values/bytes.ts';
import { commandWords } from '../container/attributes/process.ts';
import { duration } from '../values/duration.ts';
import { healthcheck } from '../values/healthcheck.ts';
import { imageReference } from '../values/image-reference.ts';
import { dictionary } from '../api/labels.ts';
import { longMount } from '../values/mounts.ts';
import type { LongMount } from '../values/mounts.ts';
import { ownedBy } from '../api/ownership.ts';
import { servicePort } from './service-ports.ts';

const mount = z.union([
  z
    .string()
    .regex(/^[^:]+:\/[^:]*(:ro|:rw)?$/, 'expected SOURCE:TARGET or SOURCE:TARGET:ro')
    .transform((value): LongMount => {
      const [source = '', target = '', access] = value.split(':');
      return {
        type: source.startsWith('/') ? 'bind' : 'volume',
        source,
        target,
        ...(access === 'ro' && { read_only: true }),
      };
    }),
  longMount('bind'),
]);

/** A secret or a config in a service's containers. */
export interface ServiceFile {
  name: string;
  filename: string;
  uid: string;
  gid: string;
  mode: number;
}

const octal = z
  .union([z.int().min(0), z.string().regex(/^0?[0-7]{3,4}$/)], 'expected an octal mode such as 0400')
  .transform((value) => (typeof value === 'number' ? value : Number.parseInt(value, 8)));

/** A secret or config: its name, or its name and how its file looks. */
function file(kind: 'secret' | 'config') {
  const form = z.strictObject({
    name: text.optional().describe(`Name of the ${kind}.`),
    [`${kind}_name`]: text.optional().describe('The same.'),
    filename: text.optional().describe('Name of its file; its own where not given.'),
    uid: text.default('0').describe('Owner of the file, a number.'),
    gid: text.default('0').describe('Group of the file, a number.'),
    mode: octal.default(0o444).describe('Mode of the file, octal text such as `0400`.'),
  });
  return z.union([
    text.transform((name): ServiceFile => ({ name, filename: name, uid: '0', gid: '0', mode: 0o444 })),
    form.transform((given, issues): ServiceFile => {
      const fields = given as { name?: string; filename?: string; uid: string; gid: string; mode: number } & Record<
        string,
        string | undefined
      >;
      const name = fields.name ?? fields[`${kind}_name`];
      if (name === undefined) {
        issues.addIssue({ code: 'custom', message: `expected the name of the ${kind}` });
        return z.NEVER;
      }
      return { name, filename: fields.filename ?? name, uid: fields.uid, gid: fields.gid, mode: fields.mode };
    }),
  ]);
}

/** A network of a service. */
export interface ServiceNetwork {
  name: string;
  aliases: string[];
}

const network = z.union([
  text.transform((name): ServiceNetwork => ({ name, aliases: [] })),
  z.strictObject({
    name: text.describe('Name of the network.'),
    aliases: words.default([]).describe('Further names in its DNS.'),
  }),
]);

const fraction = z
  .union([z.number().min(0), z.string().regex(/^\d+(\.\d+)?$/)], 'expected a number such as 0.5')
  .transform(Number);
const ratio = fraction.refine((value) => value <= 1, 'expected a share from 0 to 1');

const rollout = z.strictObject({
  parallelism: whole.optional().describe('Tasks at once; 0 for all.'),
  delay: duration.optional().describe('Between two lots.'),
  failure_action: z.enum(['pause', 'continue', 'rollback']).optional().describe('What to do when a task fails.'),
  monitor: duration.optional().describe('How long a new task is watched.'),
  max_failure_ratio: ratio.optional().describe('Share of tasks that may fail.'),
  order: z.enum(['stop-first', 'start-first']).optional().describe('Which comes first.'),
});

const restart = z.strictObject({
  condition: z.enum(['none', 'on-failure', 'any']).optional().describe('When a task is started again.'),
  delay: duration.optional().describe('Before it is.'),
  max_attempts: whole.optional().describe('How often.'),
  window: duration.optional().describe('Time in which attempts are counted.'),
});

const preference = z.strictObject({ spread: text.describe('A label of the nodes, `node.labels.zone`.') });

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
  mounts: z
    .array(mount)
    .optional()
    .describe('All mounts: `SOURCE:TARGET[:ro]`, or `type`, `source`, `target`, `read_only` and more.'),
  secrets: z
    .array(file('secret'))
    .optional()
    .describe('All secrets: names, or `name`, `filename`, `uid`, `gid`, `mode`.'),
  configs: z.array(file('config')).optional().describe('All configs: the same.'),
  networks: z
    .union([z.array(network), words.transform((names) => names.map((name): ServiceNetwork => ({ name, aliases: [] })))])
    .optional()
    .describe('All networks: names, or `name` and `aliases`.'),
  publish: z
    .array(servicePort)
    .transform((all) => all.flat())
    .optional()
    .describe('All published ports: `8080:80`, or `published_port`, `target_port`, `protocol`, `mode`.'),
  endpoint_mode: z
    .enum(['vip', 'dnsrr'])
    .optional()
    .describe('`dnsrr` gives the addresses of the tasks by DNS; `vip` needs ip_vs in the kernel.'),
  constraints: words.optional().describe('All conditions nodes must meet, `node.role == manager`.'),
  placement_preferences: z
    .array(preference)
    .optional()
    .describe('What the tasks are spread over, in this order: `spread: node.labels.zone`.'),
  replicas_max_per_node: whole.optional().describe('Most tasks on one node; 0 for no limit.'),
  user: text.optional().describe('User inside.'),
  groups: words.optional().describe('All further groups of the process.'),
  working_dir: text.optional().describe('Directory the command starts in.'),
  hostname: text.optional().describe('Hostname inside; may hold Docker templates.'),
  hosts: dictionary.optional().describe('All further lines of /etc/hosts: addresses by name.'),
  dns: words.optional().describe('DNS servers.'),
  dns_search: words.optional().describe('DNS search domains.'),
  dns_options: words.optional().describe('All options for the resolver.'),
  init: flag.optional().describe('A small init as first process.'),
  tty: flag.optional().describe('A terminal.'),
  read_only: flag.optional().describe('Its root file system cannot be written.'),
  cap_add: words.optional().describe('All capabilities added.'),
  cap_drop: words.optional().describe('All capabilities taken away.'),
  sysctls: dictionary.optional().describe('All kernel settings of its namespaces.'),
  stop_signal: text.optional().describe('Signal that asks the process to end.'),
  stop_grace_period: duration.optional().describe('How long a task may take to end.'),
  healthcheck: healthcheck
    .optional()
    .describe("How the tasks' health is checked: `test`, `interval`, `timeout`, `start_period`, `retries`."),
  log_driver: text.optional().describe('Where the output goes, `json-file`.'),
  log_options: dictionary.optional().describe("All of the driver's options."),
  limit_memory: bytes.optional().describe('Most memory of a task, `64m`.'),
  limit_cpu: fraction.optional().describe('Most processors of a task, `0.5`.'),
  limit_pids: whole.optional().describe('Most processes of a task.'),
  reserve_memory: bytes.optional().describe('Memory that a node must have free for a task.'),
  reserve_cpu: fraction.optional().describe('Processors that a node must have free for a task.'),
  update_config: rollout
    .optional()
    .describe('How updates go: `parallelism`, `delay`, `failure_action`, `monitor`, `max_failure_ratio`, `order`.'),
  rollback_config: rollout.optional().describe('How rollbacks go: the same.'),
  restart_config: restart
    .optional()
    .describe('When tasks start again: `condition`, `delay`, `max_attempts`, `window`.'),
  owned_by: ownedBy,
  force_update: flag.default(false).describe('Start all tasks anew, now.'),
  wait: flag.default(true).describe('Wait until all tasks run.'),
  wait_timeout: seconds.default(120).describe('How long to wait, seconds.'),
});

export type ServiceArgs = z.output<typeof serviceArgs>;

/** What names in the arguments mean in this swarm. */
export interface SwarmNames {
  /** Names of networks by id. */
  networks: Record<string, string>;
  /** Ids of secrets and configs by name, where the arguments need them. */
  secrets?: Record<string, string>;
  configs?: Record<string, string>;
}
