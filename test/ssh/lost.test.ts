import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Event } from '../../runner/model/events.ts';
import { overSsh } from '../support/over-ssh.ts';
import type { SshPlayground } from '../support/over-ssh.ts';

/** What a task's end says went wrong. */
const failureOf = (events: readonly Event[], task: string) =>
  events.find((e) => e.type === 'task_end' && e.task === task) as
    | { status?: string; error?: { code: string; message: string; hint?: string } }
    | undefined;

describe('a host that is lost', () => {
  let ground: SshPlayground;
  beforeEach(async () => {
    ground = await overSsh();
  });
  afterEach(() => ground.clean());

  it('while a file is fetched: it is unreachable, and nothing is kept', async () => {
    await ground.write('large', 'x'.repeat(20_000_000));
    await ground.write(
      'site.yml',
      '- {hosts: all, tasks: [{name: fetch, fetch: {src: "{{playbook_dir}}/large", dest: got, flat: true}}]}',
    );
    const { events, summary } = await ground.run({}, (event) => {
      if (event.type === 'host_start') ground.server.faults.dropAfter = 5_000_000;
    });
    expect(failureOf(events, 'fetch')).toMatchObject({ status: 'unreachable', error: { code: 'E_LOST' } });
    expect(summary.stats.node).toMatchObject({ unreachable: 1, failed: 0 });
    await expect(ground.read('got')).rejects.toThrow('ENOENT');
  });

  it('between two tasks, for good: the next one is not told as one that may have run', async () => {
    await ground.write(
      'site.yml',
      '- {hosts: all, tasks: [{name: first, shell: "true"}, {pause: {seconds: 1}}, {name: second, shell: "echo >{{playbook_dir}}/ran"}]}',
    );
    const { events } = await ground.run({}, (event) => {
      if (event.type === 'task_end' && event.task === 'first') void ground.server.close();
    });
    const end = failureOf(events, 'second');
    expect(end).toMatchObject({
      status: 'unreachable',
      error: { code: 'E_UNREACHABLE', message: expect.stringContaining('connection refused') },
    });
    expect(end?.error?.hint).toBeUndefined();
    await expect(ground.read('ran')).rejects.toThrow('ENOENT');
  });

  it('for a moment, with ignore_unreachable: what was asked ahead and not answered is asked again', async () => {
    const looks = ['one', 'two', 'three'].map((name) => `{name: ${name}, stat: {path: /${name}}}`);
    await ground.write(
      'site.yml',
      `- {hosts: all, ignore_unreachable: true, tasks: [{name: in, shell: "true"}, ${looks.join(', ')}]}`,
    );
    const { ends } = await ground.run({}, (event) => {
      if (event.type === 'task_end' && event.task === 'in') ground.server.faults.dropAfter = 1;
    });
    expect(ends).toEqual(['node in: changed', 'node one: ignored', 'node two: ok', 'node three: ok']);
  });
});
