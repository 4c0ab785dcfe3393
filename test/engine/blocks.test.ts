import { afterEach, expect, test } from 'vitest';
import { playground } from '../support/playground.ts';
import type { Playground } from '../support/playground.ts';

let ground: Playground;
afterEach(() => ground.clean());

test('a rescue mends the hosts that failed, always runs on all', async () => {
  ground = await playground(
    {
      'site.yml': `
- hosts: all
  tasks:
    - block:
        - name: may fail
          command: "{{cmd}}"
          changed_when: false
        - name: after it
          debug: msg=reached
      rescue:
        - name: mend
          debug: msg="mended {{ansible_failed_result.msg}}"
      always:
        - name: always
          debug: msg=always
    - name: goes on
      debug: msg=on
`,
    },
    { good: { cmd: 'true' }, bad: { cmd: 'false' } },
  );
  const { ends, summary } = await ground.run();
  expect(ends).toEqual([
    'good may fail: ok',
    'bad may fail: rescued',
    'good after it: ok',
    'bad mend: ok',
    'good always: ok',
    'bad always: ok',
    'good goes on: ok',
    'bad goes on: ok',
  ]);
  expect(summary.failed).toBe(false);
});
