import { afterEach, describe, expect, it, test } from 'vitest';
import type { Event } from '../../runner/model/events.ts';
import { encryptText } from '../../runner/api/index.ts';
import { playground } from '../support/playground.ts';
import type { Playground } from '../support/playground.ts';

let ground: Playground;
afterEach(() => ground.clean());

const PASSWORD = 'vault password';

/** Runs tasks with variables that a vault holds. */
async function tell(vault: Record<string, string>, tasks: object[], play: object = {}): Promise<Event[]> {
  const vars = Object.entries(vault).map(
    ([name, value]) =>
      `${name}: !vault |\n${encryptText(Buffer.from(value), PASSWORD).trimEnd().replace(/^/gm, '  ')}\n`,
  );
  ground = await playground(
    {
      'group_vars/all.yml': vars.join(''),
      'site.yml': JSON.stringify([{ hosts: 'all', gather_facts: false, tasks, ...play }]),
    },
    { host1: {} },
  );
  const { events } = await ground.run({ vaultPasswords: [PASSWORD] });
  return events;
}

const endsOf = (events: Event[]) => events.filter((event) => event.type === 'task_end');
const outputOf = (events: Event[]) => events.flatMap((event) => (event.type === 'output' ? [event.text] : []));

describe('a secret in what a run reports', () => {
  it('is masked trimmed, by lines, encoded, as a key, in items and in names', async () => {
    const key = 'first key line\nsecond key line\n';
    const all = JSON.stringify(
      await tell({ pw: ' hunter2 & co \n', key }, [
        {
          debug: {
            msg: '{{trim pw}} {{#each (lines key)}}<{{this}}>{{/each}} {{b64encode pw}} {{json pw}} {{urlencode pw}}',
          },
          name: 'say {{trim pw}}',
        },
        { set_fact: { facts: { by: '{{json key}}' } } },
        { debug: { msg: '{{item}}' }, loop: ['{{trim pw}}'] },
        {
          shell: 'printf \'%s\' "$PW" | base64; printf \'{"%s": 1}\\n\' "$PW"; echo "$KEY" | tail -n1 >&2; exit 1',
          environment: { PW: '{{trim pw}}', KEY: '{{trim key}}' },
          ignore_errors: true,
          register: 'r',
        },
        { debug: { var: 'r' } },
      ]),
    );
    expect(all).not.toMatch(/hunter2|key line|aHVudGVy/);
  });

  it('is masked where it comes in two chunks, or with control characters in it', async () => {
    const parts =
      "printf 'a hunt'; sleep 0.3; printf 'er2secret b\\n'; printf 'hunter2\\033[0msec\\033[1mret\\n'; printf 'xhunter2\\0secret'";
    const events = await tell({ pw: 'hunter2secret' }, [{ debug: { msg: '{{pw}}' } }, { shell: parts }]);
    expect(outputOf(events).join('')).toBe('a ******** b\n********\nx********');
    expect(endsOf(events).at(-1)?.result).toMatchObject({ stdout: 'a ******** b\n********\nx********' });
  });

  it.each(['changed', 'run_end', 'host1', 'task_end', 'copy', 'shell', 'false'])(
    'changes no word of xrun where it is %j',
    async (word) => {
      const events = await tell({ pw: word }, [
        { debug: { msg: 'is {{pw}}' }, name: 'Say it' },
        { command: 'true', name: 'Do it', register: 'r' },
      ]);
      const seen = endsOf(events).map((end) => [
        end.host,
        end.task,
        end.module,
        end.status,
        end.message,
        Object.keys(end.result ?? {}).includes('changed'),
      ]);
      expect(seen).toEqual([
        ['host1', 'Say it', 'debug', 'ok', 'is ********', true],
        ['host1', 'Do it', 'command', 'changed', undefined, true],
      ]);
      expect(events.at(-1)).toMatchObject({ type: 'run_end', stats: { host1: { ok: 1, changed: 1 } } });
    },
  );

  it('is masked in the error before a run, and a short one is warned of', async () => {
    await expect(tell({ pw: 'hunter2secret' }, [{ file: { path: '/nowhere', mode: '{{pw}}' } }])).resolves.toSatisfy(
      (events) => !JSON.stringify(events).includes('hunter2'),
    );
    await ground.clean();
    const events = await tell({ pw: 'abc' }, [{ debug: { msg: '{{pw}}' } }]);
    expect(endsOf(events)[0]).toMatchObject({ message: '********' });
    expect(events.filter((event) => event.type === 'warning').map(({ message }) => message)).toEqual([
      'a secret of fewer than 4 characters is masked only where it is the whole of a text',
    ]);
  });
});

test('output is whole lines, and what has no line end comes in pieces', async () => {
  const events = await tell({}, [
    { shell: "printf 'one\\ntw'; sleep 0.2; printf 'o\\nthree'; head -c 200000 /dev/zero | tr '\\0' x" },
  ]);
  const texts = outputOf(events);
  expect(texts.join('')).toBe(`one\ntwo\nthree${'x'.repeat(200_000)}`);
  expect(texts.filter((text) => text.includes('two'))).toEqual(['two\n']);
});

test('diff: false hides differences at a task, a block and a play, diff: true shows them', async () => {
  const copy = (name: string, more: object = {}) => ({
    name,
    copy: { content: 'password\n', dest: `{{playbook_dir}}/${name}` },
    ...more,
  });
  const shows = (events: Event[]) =>
    endsOf(events).map((end) => [end.task, end.diff?.length ?? 0, end.show_diff ?? false]);
  const events = await tell({ no: 'false' }, [
    copy('task', { diff: false }),
    { block: [copy('block'), copy('inner', { diff: true })], diff: false },
    copy('template', { diff: '{{not true}}' }),
    copy('item', { diff: false, loop: [1] }),
    copy('plain'),
  ]);
  expect(shows(events)).toEqual([
    ['task', 0, false],
    ['block', 0, false],
    ['inner', 1, true],
    ['template', 0, false],
    ['item', 0, false],
    ['item', 0, false],
    ['plain', 1, false],
  ]);
  await ground.clean();
  expect(shows(await tell({}, [copy('all')], { diff: false }))).toEqual([['all', 0, false]]);
});
