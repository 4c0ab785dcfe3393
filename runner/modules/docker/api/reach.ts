import { raw, sequence } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import type { DecideContext, Decision, ProbeResult } from '../../../model/module.ts';

/** Why Docker on a host could not be asked. */
export interface Trouble {
  trouble: 'missing' | 'stopped' | 'denied';
  /** What Docker itself said. */
  detail: string;
}

const MISSING = 'xrun: docker is not there';
const PRELUDE = raw(`command -v docker >/dev/null 2>&1 || { echo '${MISSING}' >&2; exit 127; }`);

/** The script, for hosts that may have no docker: {@link troubleOf} reports it. */
export function asking(script: Script): Script {
  return sequence(PRELUDE, script);
}

/** Why a probe made by {@link asking} got no answer; undefined where it got one. */
export function troubleOf({ rc, stderr }: ProbeResult): Trouble | undefined {
  const detail = stderr.trim();
  if (detail.includes(MISSING)) return { trouble: 'missing', detail: '' };
  if (rc === 0) return undefined;
  if (/permission denied.*(docker|socket|sock)/is.test(detail)) return { trouble: 'denied', detail };
  if (/cannot connect to the docker daemon|is the docker daemon running|error during connect/i.test(detail))
    return { trouble: 'stopped', detail };
  // Docker 20.10 says no more than this where a template asks for a field of a daemon that does not answer.
  if (detail.includes('indirection through nil pointer to embedded struct field Info'))
    return { trouble: 'stopped', detail: '' };
  return undefined;
}

type Decide<Args, State> = (args: Args, state: State, context: DecideContext) => Decision<State>;

/**
 * `decide` for hosts whose Docker may not answer: it fails with what to do about it, or, in a check after tasks that
 * would bring Docker, goes on with `fresh`, the state on a new Docker.
 */
export function reaching<Args, State extends object>(
  fresh: (args: Args) => State,
  decide: Decide<Args, State>,
): Decide<Args, State | Trouble> {
  return (args, state, context) => {
    if (!('trouble' in state)) return decide(args, state, context) as Decision<State | Trouble>;
    if (context.check && state.trouble !== 'denied' && willBeThere(context))
      return decide(args, fresh(args), context) as Decision<State | Trouble>;
    return refusal(state);
  };
}

const BRINGS = [
  ...['docker.io', 'docker-ce', 'docker', 'moby-engine'].map((name) => `package:${name}`),
  ...['docker', 'docker.service', 'docker.socket'].map((name) => `unit:${name}`),
];

/** Whether an earlier task of this check would have installed or started Docker. */
export function willBeThere(context: DecideContext): boolean {
  return BRINGS.some((resource) => context.planned(resource) !== undefined);
}

function refusal({ trouble, detail }: Trouble): Decision<never> {
  const said = detail ? ` (${lastLine(detail)})` : '';
  if (trouble === 'missing') {
    return {
      kind: 'fail',
      message: 'Docker is not installed: there is no `docker` command',
      hint: 'Install it by a task before: `package: {name: docker.io}`.',
    };
  }
  if (trouble === 'denied') {
    return {
      kind: 'fail',
      message: `this user may not talk to Docker${said}`,
      hint: 'Use `become: true`, or put the user into the group docker.',
    };
  }
  return {
    kind: 'fail',
    message: `the Docker daemon does not answer${said}`,
    hint: 'Start it by a task before: `systemd: {name: docker, state: started}`.',
  };
}

function lastLine(text: string): string {
  return text.split('\n').at(-1) ?? text;
}
