import { expect, test } from 'vitest';
import { world } from '../cli/world.ts';
import { HEAD, site } from './project.ts';

const local = ['-i', 'here,', '-e', 'xrun_connection=local'];
const acme = (decide: string) => `${HEAD}
export default defineModule({ name: 'acme', summary: 'x', examples: '', args: args.partial(),
  decide: ${decide} } as never);
`;

test.each<[what: string, decide: string, message: string, place: string]>([
  ['throws', '() => { throw new Error("sore"); }', "the module 'acme' failed in 'decide': sore", 'modules/acme.ts:5:1'],
  [
    'returns a decision of no kind',
    "() => ({ kind: 'changed' })",
    "the module 'acme' failed in 'decide': found the kind \"changed\", expected ok, change, unknown, wait, fail",
    'modules/acme.ts:1:1',
  ],
  [
    'returns no script',
    "() => ({ kind: 'change', diff: [], steps: [{ do: 'run', script: 'ls' }] })",
    "failed in 'decide': 'steps' is not a list of steps",
    'modules/acme.ts:1:1',
  ],
  [
    'returns half a decision',
    "() => ({ kind: 'change', steps: [] })",
    "failed in 'decide': a decision of the kind 'change' has no 'diff'",
    'modules/acme.ts:1:1',
  ],
])('a module that %s fails its task, with its file', async (_what, decide, message, place) => {
  const { xrun } = world({ 'site.yml': site('acme: {}'), 'modules/acme.ts': acme(decide) });
  const { code, stdout, stderr } = await xrun(['site.yml', ...local]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^retry them: [^\n]*\n$/);
  expect(stdout).toContain(message);
  expect(stdout).toContain(`E_PLUGIN at ${place}`);
});

test("a plugin's reporter gets the events; one that throws makes the exit code 1, and the run goes on", async () => {
  const reporter = (name: string, on: string) =>
    `export const ${name} = defineReporter({ name: '${name}', summary: 'x', create: (sink) => ({ on: ${on} }) });`;
  const files = {
    'xrun.config.yml': 'plugins: [./reporters.ts]\ninventory: "here,"\n',
    'site.yml': site('debug: {msg: hi}'),
    'reporters.ts': `import { defineReporter } from 'xrun/reporter';\n${reporter('types', '({ type }) => sink.write(`${type} `)')}\n${reporter('sore', '() => { throw new Error("no"); }')}`,
  };
  const { xrun } = world(files);
  const types = 'run_start play_start task_start host_start task_end task_done run_end ';
  expect(await xrun(['site.yml', '-e', 'xrun_connection=local', '-o', 'types'])).toEqual({
    code: 0,
    stdout: types,
    stderr: '',
  });
  expect(await xrun(['site.yml', '-e', 'xrun_connection=local', '-o', 'sore'])).toEqual({
    code: 1,
    stdout: '',
    stderr: "error[E_OUTPUT]: cannot write the output of the reporter 'sore': no; what it holds is not complete\n",
  });
});
