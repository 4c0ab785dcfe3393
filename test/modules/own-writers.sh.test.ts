import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { AnyModule } from '../../runner/model/module.ts';
import type { Script } from '../../runner/model/script.ts';
import { loadModule } from '../../runner/modules/registry.ts';

/** Not ours: the user that Debian keeps for nobody's files. */
const EVE = 65534;

/** The first step of a task whose programs write by themselves, where a link came onto its way after the probe. */
async function firstStep(name: string, given: Record<string, unknown>, state: unknown): Promise<Script> {
  const module = (await loadModule(name)) as AnyModule;
  const context = { check: false, planned: () => undefined };
  const decision = module.decide(module.args.parse(given) as never, state as never, context as never);
  const step = 'steps' in decision ? decision.steps?.[0] : undefined;
  if (step?.do !== 'run') throw new Error(`expected a step that runs: ${JSON.stringify(decision)}`);
  return step.script;
}

const git = { dest: 'absent', modified: [], submodules: [], refs: { 'refs/heads/main': 'a'.repeat(40) } };

test.each([
  ['git', (path: string) => ({ repo: '/no/repository', dest: path, version: 'main' }), git],
  [
    'pip',
    (path: string) => ({ name: 'x', virtualenv: path }),
    { pip: 'pip', venv: false, installed: {}, managed: false },
  ],
  [
    'openssl_privatekey',
    (path: string) => ({ path, type: 'Ed25519' }),
    { file: { type: 'absent', parent: 'present' } },
  ],
  ['openssl_privatekey', (path: string) => ({ path, state: 'absent' }), { file: { type: 'file' } }],
])('%s as root writes nothing through a link that a user made', async (name, given, state) => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'xrun-writers-')));
  onTestFinished(() => rmSync(base, { recursive: true }));
  chmodSync(base, 0o755);
  mkdirSync(join(base, 'roots'));
  mkdirSync(join(base, 'roots/it'));
  mkdirSync(join(base, 'eve'));
  chownSync(join(base, 'eve'), EVE, EVE);
  symlinkSync('../roots', join(base, 'eve/sub'));
  lchownSync(join(base, 'eve/sub'), EVE, EVE);
  const { text, stdin = '' } = await firstStep(name, given(join(base, 'eve/sub/new')), state);
  const { status, stderr } = spawnSync('sh', ['-c', text], { encoding: 'utf8', input: stdin });
  expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining('it is not followed') });
  expect(readdirSync(join(base, 'roots'))).toEqual(['it']);
});
