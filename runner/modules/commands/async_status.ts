import * as z from 'zod';
import { raw } from '../../model/script.ts';
import { jobDir, jobStatus, readJob } from './job.ts';
import { defineModule } from '../../model/module.ts';

const args = z.strictObject({
  jid: z
    .string()
    .regex(/^j[0-9.]+$/, "expected a job's id, as `ansible_job_id` of an async task's result has it")
    .describe('The job, from `ansible_job_id` of the result of an `async` task.'),
  mode: z.enum(['status', 'cleanup']).default('status').describe('Ask for it, or remove what it left.'),
});

export default defineModule({
  name: 'async_status',
  summary: 'Ask after a job that an async task has started',
  notes: ['`finished` is 1 when the job has ended; until then combine it with `until: job.finished == 1`.'],
  examples: `
- name: Wait for the backup
  async_status:
    jid: "{{backup.ansible_job_id}}"
  register: job
  until: job.finished == 1
  retries: 30
  delay: 10
`,
  returns: {
    erased: 'The file of the job, with `mode: cleanup`.',
    ansible_job_id: 'The id of the job.',
    started: '1 once it has started.',
    finished: '1 once it has ended.',
    rc: 'Its exit status.',
    stdout: 'What it printed.',
    stderr: 'Its errors.',
  },
  args,
  probe: ({ jid }) => jobStatus(jid),
  parse: ({ stdout }) => readJob(stdout),
  decide({ jid, mode }, job) {
    if (mode === 'cleanup') {
      if (job.state === 'gone') return { kind: 'ok', result: { erased: jid } };
      return {
        kind: 'change',
        diff: [{ what: `job ${jid}`, before: job.state, after: null }],
        steps: [{ do: 'run', script: raw(`rm -rf -- ${jobDir(jid)}`) }],
      };
    }
    const result = {
      ansible_job_id: jid,
      started: 1,
      finished: job.state === 'running' ? 0 : 1,
      rc: job.rc,
      stdout: job.stdout,
      stderr: job.stderr,
    };
    if (job.state === 'gone')
      return {
        kind: 'fail',
        message: `there is no job ${jid} on this host`,
        hint: 'Jobs belong to the user who started them: is become the same?',
        result,
      };
    if (job.state === 'timeout')
      return { kind: 'fail', message: `the job ${jid} did not end in its time and was stopped`, result };
    if (job.state === 'finished' && job.rc !== 0)
      return { kind: 'fail', message: `the job ended with exit status ${job.rc}`, result };
    return { kind: 'ok', result };
  },
});
