import type { Diff } from '../../model/events.ts';
import { argv, raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { envListSecrets, envSecrets } from './values/env-secrets.ts';
import { apiCall } from './api/api.ts';
import { guarded, ownLabel } from './api/ownership.ts';
import { reaching } from './api/reach.ts';
import type { Trouble } from './api/reach.ts';
import { serviceArgs } from './service/service-args.ts';
import type { ServiceArgs } from './service/service-args.ts';
import { CONTAINER } from './service/service-attributes.ts';
import { at, withArguments } from './service/service-spec.ts';
import type { Spec } from './service/service-spec.ts';
import { NO_SERVICE, parseService, probeService } from './service/service-state.ts';
import type { Service, ServiceState } from './service/service-state.ts';
import type { SwarmState } from './swarm/swarm-state.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision, Result, Step } from '../../model/module.ts';

export default defineModule<typeof serviceArgs, ServiceState | Trouble>({
  name: 'docker_service',
  summary: 'Manage a service of a Docker swarm',
  traits: { effects: 'cluster' },
  notes: [
    'Runs on a manager. What is not given is not compared; a service that differs is updated in place.',
    'The task ends when all its tasks run (`wait`).',
    'Images of private registries must be on the nodes already: no credentials are passed on.',
  ],
  examples: `
- docker_service:
    name: api
    image: somecom/api:1.0.0
    replicas: 3
    networks: [overlay]
    publish: ['9769:8769']
`,
  returns: {
    name: 'Its name.',
    id: "Docker's id of it.",
    running: 'Tasks that run.',
    desired: 'Tasks that should run.',
  },
  args: serviceArgs,
  resource: ({ name }) => `docker_service:${name}`,
  secrets({ env }, state = NO_SERVICE) {
    const { service } = state as ServiceState;
    return [
      ...envSecrets(env),
      ...envListSecrets(service && (at(service.spec, [...CONTAINER, 'Env']) as string[] | undefined)),
    ];
  },
  probeMayFail: true,
  probe: probeService,
  parse: parseService,
  decide: reaching(() => NO_SERVICE, decide),
  prove: { timeout: 120, interval: 1 },
});

function decide(args: ServiceArgs, state: ServiceState, context: DecideContext): Decision<ServiceState> {
  const planned = context.check ? (context.planned('docker_swarm') as SwarmState | undefined) : undefined;
  if (!state.manager && !planned?.manager) {
    return {
      kind: 'fail',
      message: 'this host is not a manager of a swarm; only managers know the services',
      hint: 'Run the task on a manager.',
    };
  }
  const refused = args.state === 'present' ? refuseFiles(args, state) : undefined;
  const decision =
    refused ??
    (args.state === 'absent'
      ? remove(args, state)
      : state.service
        ? keep(args, state, state.service, context)
        : create(args, state));
  return state.service
    ? guarded(
        args.owned_by,
        state.service.spec.Labels as Record<string, string> | undefined,
        `service ${args.name}`,
        decision,
      )
    : decision;
}

/** A service can only have secrets and configs that the swarm has. */
function refuseFiles(
  { secrets = [], configs = [] }: ServiceArgs,
  state: ServiceState,
): Decision<ServiceState> | undefined {
  const missing = [
    ...secrets.filter(({ name }) => !state.secrets?.[name]).map(({ name }) => `secret ${name}`),
    ...configs.filter(({ name }) => !state.configs?.[name]).map(({ name }) => `config ${name}`),
  ];
  if (missing.length === 0) return undefined;
  return {
    kind: 'fail',
    message: `the swarm has no ${missing.join(', no ')}`,
    hint: 'Create it on a manager by a task before: docker secret create, docker config create.',
  };
}

function create(args: ServiceArgs, state: ServiceState): Decision<ServiceState> {
  if (!args.image)
    return {
      kind: 'fail',
      message: `service ${args.name} must be created, but no image is given`,
      hint: 'Give `image`.',
    };
  const mode = args.mode === 'global' ? { Global: {} } : { Replicated: { Replicas: args.replicas ?? 1 } };
  const { spec } = withArguments(
    { Name: args.name, Labels: ownLabel(args.owned_by), TaskTemplate: { ContainerSpec: {} }, Mode: mode },
    args,
    state,
  );
  const what = [args.image, ...(args.command ?? [])].join(' ');
  const diff = [
    {
      what: `service ${args.name}`,
      before: null,
      after: `${what}, ${args.mode === 'global' ? 'on each node' : `${args.replicas ?? 1} replicas`}`,
    },
  ];
  const service: Service = { id: '', version: 0, spec, running: 0, desired: 0, errors: [] };
  return {
    kind: 'change',
    diff,
    steps: steps(quiet(apiCall('POST', '/services/create', spec))),
    after: { ...state, manager: true, service },
    result: resultOf(args.name, service),
  };
}

function keep(
  args: ServiceArgs,
  state: ServiceState,
  service: Service,
  context: DecideContext,
): Decision<ServiceState> {
  const mode = 'Global' in (service.spec.Mode as object) ? 'global' : 'replicated';
  const wanted = args.mode ?? (args.replicas === undefined ? mode : 'replicated');
  if (wanted !== mode) {
    return {
      kind: 'fail',
      message: `service ${args.name} is ${mode}, expected ${wanted}`,
      hint: 'Docker cannot change that: remove the service first (state: absent).',
    };
  }
  const { spec, differing } = withArguments(service.spec, args, state);
  const diff: Diff[] = differing.map(({ arg, before, after }) => ({ what: `${args.name} ${arg}`, before, after }));
  const force = args.force_update && !context.applied;
  if (force) diff.push({ what: `${args.name} tasks`, before: 'running', after: 'started anew' });
  if (context.applied && diff.length > 0 && service.update?.startsWith('rollback')) return rolledBack(args, service);
  if (diff.length > 0) {
    const update = apiCall(
      'POST',
      `/services/${service.id}/update?version=${service.version}`,
      force ? forced(spec) : spec,
    );
    // Docker needs a moment until it says that it is updating.
    return {
      kind: 'change',
      diff,
      steps: [...steps(quiet(update)), { do: 'sleep', seconds: 1 }],
      after: { ...state, service: { ...service, spec } },
      result: resultOf(args.name, service),
    };
  }
  return args.wait ? converged(args, service) : { kind: 'ok', result: resultOf(args.name, service) };
}

/** Ok when all tasks run; fails when Docker has given up. */
function converged(args: ServiceArgs, service: Service): Decision<ServiceState> {
  const { running, desired, update = '', updateMessage, errors } = service;
  const said = errors.length > 0 ? `: ${errors.join('; ')}` : '';
  if (/^(rollback_)?paused/.test(update)) {
    return {
      kind: 'fail',
      message: `the update of service ${args.name} is paused: ${updateMessage ?? ''}${said}`,
      hint: '`docker service ps` shows more; `force_update: true` tries again.',
    };
  }
  if (/updating|rollback_started/.test(update) || running < desired) {
    return {
      kind: 'wait',
      why: `${running} of ${desired} tasks of service ${args.name} run${update === 'updating' ? ', updating' : ''}${said}`,
      interval: 1,
      timeout: args.wait_timeout,
    };
  }
  return { kind: 'ok', result: resultOf(args.name, service) };
}

/** Docker took the change back, since its tasks failed. */
function rolledBack({ name }: ServiceArgs, { updateMessage, errors }: Service): Decision<ServiceState> {
  const said = [updateMessage, ...errors].filter(Boolean).join('; ');
  return {
    kind: 'fail',
    message: `Docker rolled the update of service ${name} back: ${said || 'it does not say why'}`,
    hint: '`docker service ps` shows the tasks that failed.',
  };
}

function remove({ name }: ServiceArgs, state: ServiceState): Decision<ServiceState> {
  if (!state.service) return { kind: 'ok' };
  const diff = [
    { what: `service ${name}`, before: `${state.service.running}/${state.service.desired} tasks`, after: null },
  ];
  const { service: _service, ...after } = state;
  return {
    kind: 'change',
    diff,
    steps: steps(argv('docker', 'service', 'rm', name, raw('>/dev/null')), gone(name)),
    after,
  };
}

/** Docker takes the containers away later; until then they hold networks and ports. */
function gone(name: string): Script {
  return sh`n=0; while [ $n -lt 30 ] && [ -n "$(docker ps -q --filter ${`label=com.docker.swarm.service.name=${name}`})" ]; do sleep 1; n=$((n+1)); done`;
}

function forced(spec: Spec): Spec {
  const template = spec.TaskTemplate as { ForceUpdate?: number };
  return { ...spec, TaskTemplate: { ...template, ForceUpdate: (template.ForceUpdate ?? 0) + 1 } };
}

function quiet(script: Script): Script {
  return { ...sh`{ ${script}\n} >/dev/null`, ...(script.stdin !== undefined && { stdin: script.stdin }) };
}

function resultOf(name: string, { id, running, desired }: Service): Result {
  return { name, id, running, desired };
}

function steps(...scripts: Script[]): Step[] {
  return scripts.map((script) => ({ do: 'run', script }));
}
