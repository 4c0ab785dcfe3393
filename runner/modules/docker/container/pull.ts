import { argv, raw, sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import type { DecideContext, Decision, Result, Step, StepResult } from '../../../model/module.ts';
import type { ContainerArgs } from './container-args.ts';
import type { ContainerState } from './container-state.ts';

/** Whether the image has to be pulled although it may be there: `pull: always`, once a task, of an image that can change. */
export function pullsAgain({ pull, image }: ContainerArgs, { applied }: DecideContext): boolean {
  return pull === 'always' && !applied && image !== undefined && !image.includes('@sha256:');
}

/** Pulls the image. */
export const pulling = (image: string): Script => argv('docker', 'pull', '--quiet', image, raw('>/dev/null'));

const UNCHANGED = 'image unchanged';

const idOf = (image: string) => sh`$(docker image inspect --format '{{.Id}}' ${image})`;

/**
 * A container that is right by the image that its host has: the image is pulled, and if that brought another one `anew` is
 * done, else what `decision` says. A check says `unknown`, since only pulling shows that.
 */
export function renewed(
  image: string,
  { imageId = '' }: ContainerState,
  decision: Extract<Decision<ContainerState>, { kind: 'ok' | 'change' }>,
  anew: readonly Script[],
  { check }: DecideContext,
): Decision<ContainerState> {
  if (check && decision.kind === 'change') return decision;
  if (check)
    return {
      kind: 'unknown',
      why: `whether the registry has a newer ${image} is known only once it is pulled`,
      steps: [],
    };
  const only = (test: string, script: Script): Step => ({
    do: 'run',
    script: {
      ...script,
      text: `${sh`[ "${idOf(image)}" ${raw(test)} ${imageId} ] || ${raw(done(script))}`.text}\n${script.text}`,
    },
  });
  const others = decision.kind === 'change' ? decision.steps : [];
  const said = decision.kind === 'ok' && sh`\n[ "${idOf(image)}" != ${imageId} ] || echo ${UNCHANGED}`;
  return {
    kind: 'change',
    diff: [
      { what: `image ${image}`, before: imageId, after: 'the newest one, pulled' },
      ...(decision.kind === 'change' ? decision.diff : []),
    ],
    steps: [
      { do: 'run', script: sh`${pulling(image)} || exit${said}` },
      ...others.map((step) => (step.do === 'run' ? only('=', step.script) : step)),
      ...anew.map((script) => only('!=', script)),
    ],
    ...(decision.result && { result: decision.result }),
  };
}

/** Ends a script whose standard input nobody else may read. */
const done = ({ stdin }: Script) => (stdin === undefined ? 'exit 0' : '{ cat >/dev/null; exit 0; }');

/** That nothing was changed after all, where the pull brought what the host had. */
export function pulledResult(steps: readonly StepResult[]): Result {
  return steps.some(({ stdout }) => stdout.split('\n').includes(UNCHANGED)) ? { changed: false } : {};
}
