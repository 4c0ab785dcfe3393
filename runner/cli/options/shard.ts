import { XrunError } from '../../diagnostics/errors.ts';
import type { Shard } from '../../model/options/shard.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** How a job array says which of its jobs this is. */
interface JobArray {
  name: string;
  /** The variable that only jobs of an array have. */
  index: string;
  /** The number of the job, from 1, and how many there are, where that is said. */
  read(env: Env): { number: number; count?: number };
}

const number = (env: Env, name: string) => Number(env[name] ?? Number.NaN);
const counted = (env: Env, name: string) => (env[name] === undefined ? {} : { count: number(env, name) });

const JOB_ARRAYS: readonly JobArray[] = [
  {
    // https://kubernetes.io/docs/tasks/job/indexed-parallel-processing-static/: how many there are is not said.
    name: 'Kubernetes',
    index: 'JOB_COMPLETION_INDEX',
    read: (env) => ({ number: number(env, 'JOB_COMPLETION_INDEX') + 1 }),
  },
  {
    // https://docs.gitlab.com/ci/yaml/#parallel
    name: 'GitLab',
    index: 'CI_NODE_INDEX',
    read: (env) => ({ number: number(env, 'CI_NODE_INDEX'), ...counted(env, 'CI_NODE_TOTAL') }),
  },
  {
    // https://slurm.schedmd.com/job_array.html: indices may begin anywhere (`--array=5-8`), and leave some out (`0-14:2`).
    name: 'Slurm',
    index: 'SLURM_ARRAY_TASK_ID',
    read: (env) => {
      const first = Number(env.SLURM_ARRAY_TASK_MIN ?? 0);
      const step = Number(env.SLURM_ARRAY_TASK_STEP ?? 1);
      const place = (number(env, 'SLURM_ARRAY_TASK_ID') - first) / step;
      return { number: place + 1, ...counted(env, 'SLURM_ARRAY_TASK_COUNT') };
    },
  },
  {
    // https://buildkite.com/docs/pipelines/configure/environment-variables
    name: 'Buildkite',
    index: 'BUILDKITE_PARALLEL_JOB',
    read: (env) => ({
      number: number(env, 'BUILDKITE_PARALLEL_JOB') + 1,
      ...counted(env, 'BUILDKITE_PARALLEL_JOB_COUNT'),
    }),
  },
];

/**
 * What `--shard` means: `3/8`; `auto`, which the variables of a job array answer; `auto/8` where they do not say how many
 * jobs there are.
 *
 * @throws XrunError E_SHARD
 */
export function shardOf(text: string, by: Shard['by'], env: Env): Shard {
  const [, auto, digits, total] = /^(?:(auto)|(\d+)(?=\/))(?:\/(\d+))?$/.exec(text) ?? [];
  if (auto === undefined && digits === undefined)
    throw new XrunError('E_SHARD', `--shard: expected K/N, auto or auto/N, found '${text}'`, {
      hint: '`--shard 3/8` runs the third of eight parts of the hosts.',
    });
  const found: { number: number; count?: number } = auto ? ofJobArray(env) : { number: Number(digits) };
  const count = total === undefined ? found.count : Number(total);
  if (count === undefined)
    throw new XrunError('E_SHARD', '--shard auto: the job array does not say how many jobs it has', {
      hint: 'Give their number: `--shard auto/8`.',
    });
  const whole = Number.isSafeInteger(found.number) && Number.isSafeInteger(count);
  if (!whole || found.number < 1 || found.number > count)
    throw new XrunError('E_SHARD', `--shard: expected a number from 1 to ${count}, found ${found.number}`, {
      hint: 'Shards are numbered from 1: `1/8` to `8/8`.',
    });
  return { number: found.number, count, by };
}

function ofJobArray(env: Env): { number: number; count?: number } {
  const found = JOB_ARRAYS.find(({ index }) => env[index] !== undefined);
  if (found) return found.read(env);
  throw new XrunError('E_SHARD', '--shard auto: there is no variable of a job array in the environment', {
    hint: `Expected one of ${JOB_ARRAYS.map(({ name, index }) => `${index} (${name})`).join(', ')}.`,
  });
}
