import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { jobStatus, readJob, startScript } from '../../runner/modules/commands/job.ts';
import { sweepJobs } from '../../runner/connection/files/leftovers.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'xrun-jobs-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const sh = (text: string, cwd = home) =>
  spawnSync('/bin/sh', ['-c', text], { cwd, env: { ...process.env, HOME: home }, encoding: 'utf8' });

it('removes the job and what was staged for it when it has ended', () => {
  const dir = join(home, '.xrun/jobs/j1');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'job'), 'cat staged-0\necho oops >&2\nexit 3');
  writeFileSync(join(dir, 'staged-0'), 'the secret\nXRUN_JOB_END\n');
  writeFileSync(join(dir, 'start'), startScript(60));
  sh('setsid sh ./start </dev/null >/dev/null 2>&1', dir);
  expect(readdirSync(dir).toSorted()).toEqual(['pid', 'rc', 'start', 'state', 'stderr', 'stdout']);
  expect(readJob(sh(jobStatus('j1').text).stdout)).toEqual({
    state: 'finished',
    rc: 3,
    stdout: 'the secret\nXRUN_JOB_END',
    stderr: 'oops',
  });
});

it('sweeps away what ended a day ago, and nothing that runs or is young', () => {
  const now = 1_800_000_000;
  const jobs = {
    [`j${(now - 100_000) * 1000}.1`]: '',
    [`j${(now - 100_000) * 1000}.2`]: String(process.pid),
    [`j${(now - 60) * 1000}.3`]: '',
    [`j${now * 1000}.4`]: '',
    other: '',
  };
  for (const [name, pid] of Object.entries(jobs)) {
    mkdirSync(join(home, '.xrun/jobs', name), { recursive: true });
    if (pid) writeFileSync(join(home, '.xrun/jobs', name, 'pid'), `${pid}\n`);
  }
  const { status, stderr } = sh(sweepJobs(now));
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(readdirSync(join(home, '.xrun/jobs')).toSorted()).toEqual(Object.keys(jobs).slice(1).toSorted());
});

it('ends by itself when its time is up, and leaves no secret', () => {
  const dir = join(home, '.xrun/jobs/j1');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'job'), 'sleep 60');
  writeFileSync(join(dir, 'start'), startScript(1));
  sh('setsid sh ./start </dev/null >/dev/null 2>&1', dir);
  expect(readFileSync(join(dir, 'state'), 'utf8')).toBe('timeout\n');
  expect(existsSync(join(dir, 'job'))).toBe(false);
});
