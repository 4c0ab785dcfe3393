import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { useLab } from '../support/lab.ts';
import { xrun } from '../support/xrun.ts';
import { FOREIGN } from './foreign.ts';
import { changesOf, hostStates } from './state.ts';

const HOSTS = ['node1', 'node2'];
const lab = useLab({ hosts: 2 });
let undo: string | undefined;

beforeAll(() =>
  Promise.all(
    HOSTS.map((host) =>
      lab.ask(
        host,
        'docker image inspect xrun/busybox:1 >/dev/null 2>&1 || docker import /var/lib/xrun/busybox.tar xrun/busybox:1',
      ),
    ),
  ),
);
afterEach(async () => {
  if (undo) await lab.ask('node2', undo);
  undo = undefined;
});

describe.each(FOREIGN)('$what of somebody else', ({ playbook, options = [], make, undo: away, says }) => {
  test(`${playbook}.yml refuses it, changes nothing on any host, and takes nothing of it away`, async () => {
    await lab.ask('node2', make);
    undo = away;
    const before = await hostStates(lab, HOSTS);
    const up = await xrun(`playbooks/${playbook}.yml`, '-i', lab.inventory, ...options);
    expect(up.code, up.output).toBe(1);
    expect(up.output.replaceAll(/\s+/g, ' ')).toMatch(says);
    expect(up.changed, up.output).toEqual([]);
    expect(changesOf(before, await hostStates(lab, HOSTS)), 'after the refusal').toEqual([]);
    const down = await xrun(`playbooks/${playbook}.yml`, '-i', lab.inventory, '-e', 'state=absent', ...options);
    expect(down.code, down.output).toBe(0);
    expect(down.changed, down.output).toEqual([]);
    expect(changesOf(before, await hostStates(lab, HOSTS)), 'after state=absent').toEqual([]);
  });
});
