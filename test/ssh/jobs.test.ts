import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Event } from '../../runner/model/events.ts';
import { overSsh } from '../support/over-ssh.ts';
import type { SshPlayground } from '../support/over-ssh.ts';

describe('async', () => {
  let ground: SshPlayground;
  beforeEach(async () => {
    ground = await overSsh();
  });
  afterEach(() => ground.clean());

  const polled = `
- hosts: all
  tasks:
    - name: job
      shell: echo began >> {{playbook_dir}}/log; while ! test -e {{playbook_dir}}/go; do sleep 0.1; done; echo done
      async: 60
      poll: 0.1
      register: job
    - {name: say, debug: {msg: "{{job.stdout}}"}}
`;

  it('goes on while the connection is lost, and is asked for over a new one', async () => {
    await ground.write('site.yml', polled);
    let waits = 0;
    const { messages, summary } = await ground.run({}, (event) => {
      if (event.type !== 'retry') return;
      waits++;
      if (waits === 1) ground.server.drop();
      if (waits === 4) void ground.write('go', '');
    });
    expect(messages).toEqual(['node: done']);
    expect(summary.failed).toBe(false);
    expect(ground.server.logins).toBe(2);
    expect(await ground.read('log')).toBe('began\n');
    expect(await ground.jobs()).toEqual([]);
  });

  it('is told as one that may have run where its host stays away', async () => {
    await ground.write(
      'site.yml',
      '- {hosts: all, tasks: [{name: job, shell: "while ! test -e {{playbook_dir}}/go; do sleep 0.1; done", async: 3, poll: 0.1}]}',
    );
    const { events } = await ground.run({}, (event) => {
      if (event.type === 'retry') void ground.server.close();
    });
    const [job = 'none'] = await ground.jobs();
    const end = events.find((e): e is Extract<Event, { type: 'task_end' }> => e.type === 'task_end');
    expect(end).toMatchObject({
      status: 'unreachable',
      error: {
        code: 'E_LOST',
        message: expect.stringContaining('connection refused'),
        hint: expect.stringContaining(job),
      },
    });
  });

  it('outlives the controller, and a later run asks for it', async () => {
    await ground.write('site.yml', polled);
    const controller = new AbortController();
    const first = await ground.run({ signal: controller.signal }, (event) => {
      if (event.type === 'retry') controller.abort();
    });
    const end = first.events.find(
      (e): e is Extract<Event, { type: 'task_end' }> => e.type === 'task_end' && e.task === 'job',
    );
    const [job = 'none'] = await ground.jobs();
    expect(end?.error).toMatchObject({ code: 'E_INTERRUPTED', hint: `\`async_status: {jid: ${job}}\` asks for it.` });
    await ground.write('go', '');
    await ground.write(
      'site.yml',
      `
- hosts: all
  tasks:
    - {name: ask, async_status: {jid: ${job}}, register: st, until: st.finished == 1, retries: 100, delay: 0.1}
    - {name: say, debug: {msg: "{{st.stdout}} {{st.rc}}"}}
    - {name: clean, async_status: {jid: ${job}, mode: cleanup}}
    - {name: gone, async_status: {jid: ${job}}}
`,
    );
    const second = await ground.run();
    expect(second.messages).toEqual(['node: done 0']);
    expect(second.ends.slice(-2)).toEqual(['node clean: changed', 'node gone: failed']);
    expect(await ground.read('log')).toBe('began\n');
    expect(await ground.jobs()).toEqual([]);
  });

  it('runs jobs side by side, which a loop waits for', async () => {
    await ground.write(
      'site.yml',
      `
- hosts: all
  tasks:
    - {name: start, shell: "echo {{item}}; echo to stderr >&2; test {{item}} != two", async: 60, poll: 0, loop: [one, two], register: jobs}
    - name: wait
      async_status: {jid: "{{job.ansible_job_id}}"}
      loop: "{{jobs.results}}"
      loop_control: {loop_var: job, label: "{{job.item}}"}
      register: ends
      until: ends.finished == 1
      retries: 100
      delay: 0.1
      ignore_errors: true
    - {name: say, debug: {msg: "{{item.stdout}} {{item.stderr}} {{item.rc}}"}, loop: "{{ends.results}}", loop_control: {label: x}}
`,
    );
    const { ends, messages } = await ground.run();
    expect(ends.slice(0, 6)).toEqual([
      'node start (one): changed',
      'node start (two): changed',
      'node start: changed',
      'node wait (one): ok',
      'node wait (two): failed',
      'node wait: ignored',
    ]);
    expect(messages).toEqual(['node: one to stderr 0', 'node: two to stderr 1']);
  });

  it('stops what takes too long, children too', async () => {
    await ground.write(
      'site.yml',
      `
- hosts: all
  tasks:
    - {name: slow, shell: "sleep 300 & echo $! > {{playbook_dir}}/pid; wait", async: 1, poll: 0.2}
`,
    );
    const { ends, events } = await ground.run();
    expect(ends).toEqual(['node slow: failed']);
    const error = events.flatMap((e) => (e.type === 'task_end' && e.error ? [e.error] : []));
    expect(error[0]).toMatchObject({ code: 'E_TIMEOUT', message: expect.stringContaining('did not end within 1 s') });
    const pid = Number(await ground.read('pid'));
    await expect.poll(() => alive(pid), { timeout: 60_000 }).toBe(false);
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
